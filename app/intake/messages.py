"""The catalogue of what intake says: code and text; I… refuses a file, N… is a note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import KnownError

TEXTS = {
    # The file as a whole.
    "I001": "{file}：没有这个文件，请核对路径。",
    "I002": "{file}：文件打不开（{why}），请检查权限，或关闭占用它的程序后再试。",
    "I003": "{file}：文件是空的，请重新导出。",
    "I004": "{file}：文件有密码保护，读不出来。请用表格软件打开，去掉密码后另存，再导入。",
    "I005": "{file}：文件已损坏或不完整，读不出来。请重新导出或拷贝一份，再导入。",
    "I006": "{file}：不是表格文件。可以读 .xlsx、.xls、.ods、.csv，请先导出成其中一种。",
    "I007": "{file}：是网页格式的表格（后缀虽为表格）。请用表格软件打开，另存为 .xlsx，再导入。",
    "I008": "{file}：文件展开后超过{limit}，读不了。请分成几个文件再导入。",
    "I009": "{file}：工作表“{sheet}”的内容一直到{address}，超过可读的范围（{limit}）。"
    "请删去远处多余的内容，或分成几个文件再导入。",
    "I010": "{file}：文件里没有内容，请核对是否选错文件。",
    "I011": "{file}：文字编码认不出来（第{line}行）。"
    "请另存为 UTF-8 或 GB18030 编码的 CSV，再导入。",
    "I012": "{file}：CSV 第{line}行的引号没有配对，读不下去。"
    "请用表格软件打开，另存为 .xlsx，再导入。",
    # The listing.
    "I020": "{file}：找不到表头。表头里要有“资产名称”“账面金额”一类的栏名，请核对，或用模板填写。",
    "I021": "{file}：认不出属于哪张认定表（可能是{tables}）。请指明认定表（--table）后再导入。",
    "I022": "{file}：没有认定表“{table}”。可选：{tables}。",
    "I023": "{file}：是附表{found}的模板，与所指的附表{table}不同。请核对后再导入。",
    "I024": "{file}：金额单位前后不一致（{first}与{second}），请核对后改成一种。",
    "I025": "科目“{subject}”不在科目表中。请核对代码；本社账上确有这个科目的，请列入科目表"
    "（菜单“工具—科目表”，或命令 wuji import --balances --subject --table）。",
    "I026": "{file}：没有工作表“{sheet}”。可选：{sheets}。",
    "I027": "{file}：表头下面没有一笔资产。请核对是否选错文件。",
    "I028": "{file}：有{count}处读不出来，没有导入任何内容。{faults}",
    "I029": "{file}：{address}的资产编号“{number}”在账套中已有（{existing}），没有导入任何内容。"
    "请核对是否重复导入，或改正编号。",
    "I030": "{file}：不是科目余额表。表头里要有科目代码和借方、贷方余额（或余额及方向），请核对。",
    "I031": "{file}：没有“编号”一栏（或 id），不知道填给哪一笔。请加上编号一栏。",
    "I032": "{file}：不是 JSON 清单（{why}）。应为一组对象，每个带 id。",
    "I033": "{file}：第{number}个对象没有 id，不知道填给哪一笔。请补上。",
    "I034": "{file}：{address}的栏名“{head}”认不出来{near}。请改成字段名或栏名。",
    "I035": "{file}：栏名“{head}”只用于{keys}，不能填给附表{table}的{id}。请改用字段名。",
    "I036": "{file}：第{number}个和第{other}个都填给{id}，请合并成一个。",
    "I037": "{file}：附表2由程序生成，没有模板可填，请指定附表1-1至1-12之一。",
    "I038": "{file}：{id}属于附表{found}，不是附表{table}。请核对后再填。",
    "I039": "{file}：{id}的“{key}”不是附表{table}的字段{near}。请改正后再填。",
    # The register.
    "I040": "{file}：不是分类登记簿。表头里要有“资产名称”“账面价值”，以及“资产类型”或“核算科目”，"
    "请核对是否选错文件。",
    "I041": "{file}：登记簿里有几个机构（{offices}），没有一个是本社（{own}）。"
    "请核对是否选错文件，或把所属机构改成本社的代码或名称。",
    "I042": "{file}：余额表里没有科目{subject}，不能按它列入科目表。请核对代码。",
    # A pasted block.
    "I050": "剪贴板里没有表格内容。请先在表格软件里选中要填的格子并复制，再粘贴。",
    "I051": "粘贴的内容超过{limit}行，请存成文件后用“导入清单”。",
    # Notes on a listing.
    "N001": "没有写明金额单位，按元读入。",
    "N002": "金额单位是{unit}，已折算成元。",
    "N003": "{address}写的日期是{found}，与基准日{expected}不同，请核对是否为同一期的清单。",
    "N004": "{address}“{head}”不认识，随各笔原样保留，不填入字段。",
    "N005": "{address}“{head}”的“{word}”不认识（{count}处，首处{first}），该栏留空待填。",
    "N006": "{address}的“{found}”读作{month}；如果本来是{other}（末尾的0被表格软件省去），请改正。",
    "N007": "{address}只有“{found}”，没有别的内容，未作为资产。",
    "N008": "工作表“{sheet}”没有读取。其中如有清单，请另行导入。",
    "N009": "{address}“{head}”与{other}都像“{label}”，取用后者，前者原样保留。",
    "N010": "{address}“{head}”由程序计算，不读入，原样保留。",
    "N011": "模板属于规则“{found}”，账套用的是“{expected}”，已按账套的规则读入。",
    "N012": "没有核算科目一栏，按{subject}读入。",
    "N013": "{address}的{label}没有算出结果，未核对。",
    "N014": "{address}“{head}”属于后续意见，不从清单读入，原样保留。",
    "N015": "{address}的编号“{found}”超过15位，可能已被表格软件改动，请核对。",
    "N017": "{address}的科目{found}按{parent}读入（共{count}笔）。",
    "N018": "{address}与{other}的名称、日期和金额都相同，请核对是否重复登记。",
    "N019": "{address}的名称、日期和金额与账套中第{number}笔相同，请核对是否重复登记。",
    "N020": "{address}写的是“{found}”，账套是“{own}”，请核对是不是拿错了别处的清单。",
    "N016": "没有资产名称一栏，以“{label}”作为资产名称。",
    # Notes on a register.
    "N040": "{count}笔属于其他机构（如{example}），没有读入。",
    "N041": "{address}的所属机构是“{found}”，不是“{own}”，请核对。",
    "N042": "{count}笔的分类时间不是本期基准日{expected}（如{address}的{found}），"
    "其中的意见、损失和理由属于那一期，没有读入，本期要重新填写。",
    "N043": "{address}“{label}”是“{found}”，账套中{row}已填“{present}”，保留账套中的。",
    "N044": "{address}是合计行，没有读入，也没有核对。",
    # Notes on balances.
    "N030": "{count}个科目不在科目表里（如{example}），没有读入。"
    "其中有非信贷资产的，请先列入科目表，再导入一次。",
    "N031": "{address}科目{subject}是{parent}的明细，已并入{parent}。",
    "N032": "{address}科目{subject}已含在{parent}的余额中，不重复计入。",
    "N033": "{address}科目{subject}不止一次出现，余额已相加，请核对。",
}

# What a reading fault says is expected.
DAY = "日期（要写到日，如2006-12-31）"
DATE = "日期（如2006-12-31，年份写四位）"
DATE_OR_MONTH = "日期（如2006-12-31，也可只写年月或年）"
AMOUNT = "金额（{unit}，折成元后最多两位小数）"
TWO_PLACES = "两位小数以内的金额（元）"
AMOUNT_LIMIT = "一千万亿元以内的金额"
COMPUTED_FORMULA = "算出的值。请用表格软件打开文件，重新计算后保存"
NO_ERROR_VALUE = "正常的值。请改正公式的错误"
UNIQUE_NUMBER = "本表中唯一的资产编号（{other}已有）"
ONE_OF = "下列之一：{labels}"
KIND_OR_SUBJECT = "认定表的名称（如固定资产），或科目表中的核算科目"
COLUMN_FOUND = "“{label}”一栏（也可写作{words}）"
NO_COLUMN = "没有这一栏"
KNOWN_KEY = "本表的字段名（模板的隐藏行不要改动）"


def say(code: str, **values: object) -> str:
    """The text of the catalogue with its places filled."""
    return TEXTS[code].format(**values)


class IntakeError(KnownError):
    """A file can't be taken in: one Chinese line; `code` names it in the catalogue."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(say(code, **values))
        self.code = code


def cell_place(sheet: str, address: str) -> str:
    """Where a cell stands, as people read it; CSV has no sheets."""
    return f"工作表“{sheet}”{address}" if sheet else address


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell that can't be read: where, what was found, what is expected."""

    sheet: str
    address: str
    found: str
    expected: str

    def __str__(self) -> str:
        place = cell_place(self.sheet, self.address)
        if self.found == NO_COLUMN:
            return f"{place}：没有{self.expected}"
        return f"{place}：填的是“{self.found}”，应为{self.expected}"


class FaultsError(IntakeError):
    """Cells that can't be read; nothing was written. `faults` names every one."""

    def __init__(self, file: str, faults: Sequence[CellFault]) -> None:
        listed = "；".join(map(str, faults))
        super().__init__("I028", file=file, count=len(faults), faults=f"{listed}。")
        self.faults = tuple(faults)


class Note(str):
    """Something the reader should know, as text; with its code and address."""

    __slots__ = ("address", "code")
    code: str
    address: str

    def __new__(cls, code: str, *, at: str = "", **values: object) -> Note:
        """The note of the catalogue with its places filled; `at` is the cell."""
        note = super().__new__(cls, say(code, address=at, **values))
        note.code, note.address = code, at
        return note
