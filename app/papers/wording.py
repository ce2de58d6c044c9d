"""The words that are printed on papers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from app.forms.values import amount_text

OFFICE = "填报单位"
BASE_DATE = "基准日"
UNIT = "单位"
TOTAL = "合计"
BLANK_BELOW = "（以下空白）"
CONTINUED = "（续）"

FILLER = "填表人"
CHECKER = "复核人"
HEAD = "负责人"
OFFICE_SEAL = "单位公章"
SEAL_DATE = "日期"
NO_DATE = "　　年　月　日"
NO_ROWS = "本期没有应填列的资产。"

SEAL_CODE = "封印码"
DRAFT = "草稿，未封印"
DRAFT_MARK = "草　稿"
FINAL = "本期已认定"
CONSOLIDATED = "联社汇总"
BASIS = "依据"
PRINTED = "打印"

STAMP_NAME = "非信贷资产分类业务章"
ACCOUNTING_STAMP = "会计核对章"
SEAL_PICTURE_UNREADABLE = "印章图片打不开，请换一张 PNG 或 JPG 图片。"
SEAL_PICTURE_EMPTY = "印章图片上没有看到印迹，请换一张扫描清楚的图片。"
NOT_CONFIRMED = "会计尚未确认"

WORKING_PAPERS = "非信贷资产风险分类工作底稿"
WP_NUMBER = "序号"
WP_ACCOUNTANT = "会计"
WP_ITEM = "资产项目"
WP_NAME = "资产名称"
WP_ID = "编号"
WP_SEQ = "认定表序号"
WP_CAPITALS = "大写金额"
WP_FORMED = "形成时间"
WP_RESULT = "分类结果"
WP_OPEN = "尚未得出"
WP_LOSS = "预计损失额"
WP_RATE = "预计损失率"
WP_REASONS = "分类依据逐条"
WP_FOUND = "发现的情况"
WP_DEMANDS = "至少划为"
WP_BASIS = "依据"
WP_NO_REASONS = "没有发现需要下调分类的情况。"
WP_EVIDENCE = "所附资料"
WP_PAPER = "资料名称"
WP_STATE = "是否附上"
WP_FILES = "文件"
WP_NO_EVIDENCE = "没有要求的资料。"
NOTHING_ATTACHED = "没有附资料。"
WP_AGREEMENTS = "六相符核对"
WP_AGREES = "相符"
WP_DIFFERS = "不符"
WP_CONFIRMATION = "会计确认"
WP_CONFIRMED_TEXT = "账务已经核对，与本底稿所列一致。"
WP_PREPARED_BY = "初分人"
WP_OPINIONS = "各级意见"
WP_KEPT = "保留的警告及理由"
WP_FIELDS = "填报内容"
WP_COVER_COUNT = "资产笔数"
WP_COVER_AMOUNT = "账面金额合计"
WP_COVER_TABLE = "对应认定表"
OTHER_EVIDENCE = "其他资料"
NOT_ANSWERED = "（未填）"
ATTACHED = "已附"
LACKING = "未附"
UNKNOWN = "未登记"

BIG_LOSS_ORIGIN = "来源"
BIG_LOSS_MISSING = "尚待补充"
NO_SHEETS = "本期没有需要填报附表2的资产。"
BIG_LOSS_LIST = "大额损失类资产清单"
BIG_LOSS_COLUMNS = ("序号", "机构", "编号", "资产名称", "认定表", "账面金额", "预计损失额", "页")
CONSOLIDATOR = "汇总单位"
NO_BIG_LOSS_SET = "本期没有需要填报附表2的资产，没有写附表2。"
FROM_BELOW = "下级联社意见"
REFERRED = "拟认定"
REASON = "理由"
VOTE = "表决"
MINUTES = "会议纪要"
MAKING_BIG_LOSSES = "写附表2"

SUMMARY_TITLE = "非信贷资产风险分类汇总表"
SUMMARY_PREFIX = "非信贷资产风险分类"
TABLE_SUMS_SHEET = "各表合计"
TABLE_SUMS_TITLE = "各认定表合计"
CHECKS_SHEET = "校验清单"
CHECKS_TITLE = "汇总校验清单"
CHECK_HOLDS = "通过"
CHECK_FAILS = "不通过"
WITHIN_TABLE = "表内"
ACROSS_TABLES = "表间"
NOT_COMPARED = "—"
XLSX_PAGES = "第 &P 页　共 &N 页"
CHOICES_SHEET = "选项"

# Indicators and migration

INDICATORS_TITLE = "非信贷资产风险分类指标表"
INDICATORS_SHEET = "指标"
OFFICES_TITLE = "各机构风险分类指标表"
OFFICES_SHEET = "各机构指标"
MIGRATION_TITLE = "非信贷资产分类迁徙表"
MIGRATION_COUNT, MIGRATION_OPENING, MIGRATION_CLOSING = "笔数", "上期余额", "本期余额"
COVERAGE_BASES = {"expected_loss": "预计损失额", "non_performing": "不良余额"}
NEW_ROWS = "本期新增"
GONE_ROWS = "本期已无"
OPEN_CLASS = "未定"
PROGRESS_NOTE = "进步度为上期不良占比减本期不良占比，正数表示好转。"
PROGRESS_ALIKE_NOTE = "进步度为上期不良占比减本期可比占比（只算两期都有的机构），正数表示好转。"
ACROSS_NOTE = "比平均为各机构不良占比的平均数减本机构不良占比，正数表示好于平均。"
DOWNWARD_NOTE = "下迁率：两期都有的资产中，类别变差的占比。"

# Reports

REPORT_TITLE = "非信贷资产风险分类分析报告"
LOSS_REPORT_TITLE = "损失类非信贷资产报告"
REPORT_MISSING = "本报告尚缺的内容"

MAKING_WORKBOOK = "写电子表格"
ADDING_UP = "算汇总、指标和迁徙"
STAGE_WORDS = {"initial": "初分", "reviewed": "初审", "determined": "认定"}


def date_words(day: date) -> str:
    """2006年12月31日."""
    return f"{day.year}年{day.month}月{day.day}日"


def moment_words(moment: datetime) -> str:
    """2007-01-15 14:03."""
    return f"{moment:%Y-%m-%d %H:%M}"


def labelled(label: str, text: str) -> str:
    """A label with its text behind a full-width colon."""
    return f"{label}：{text}"


def page_of(number: int) -> str:
    """第 3 页."""
    return f"第 {number} 页"


def pages_in_all(count: int) -> str:
    """共 12 页."""
    return f"共 {count} 页"


def item_count(count: int) -> str:
    """共 12 笔."""
    return f"共 {count} 笔"


def count_words(count: int) -> str:
    """12 笔."""
    return f"{count} 笔"


def amount_with_unit(amount: Decimal) -> str:
    """1,000,000.00 元."""
    return f"{amount_text(amount)} 元"


_STANDARD = re.compile("(?<![未不没非])(?<!没有)按标准(?:损失)?(?:比率|比例|率|计提|估计|测算)")
"""What already says so in somebody's own words."""


def by_standard_rate(remarks: str) -> str:
    """The remark of a row whose loss was taken by the standard rate."""
    return remarks if _STANDARD.search(remarks) else f"按标准比率。{remarks}"


def row_of_table(table_id: str, seq: int) -> str:
    """附表1-8 第12号."""
    return f"附表{table_id} 第{seq}号"


def making_table(table_id: str) -> str:
    """What a long export is at: a determination table."""
    return f"写附表{table_id}"


FILE_TITLES = {
    "tables.xlsx": "全部认定表（电子表格）",
    "summary.xlsx": "汇总表、指标、迁徙表和校验清单（电子表格）",
    "summary.pdf": "汇总表、指标和迁徙表",
    "ledger.xlsx": "台账（电子表格，填写后可再导入）",
    "report.docx": "风险分类分析报告（可编辑）",
    "loss-report.docx": "损失类报告（可编辑）",
    "forms/summary.pdf": "汇总表（盖章）",
    "forms/report.pdf": "风险分类分析报告（盖章）",
    "forms/loss-report.pdf": "损失类报告（盖章）",
    "forms/2.pdf": "附表2 大额损失类资产认定表（盖章）",
    "forms/big-losses.pdf": "附表2 全部大额损失，带各级意见（盖章）",
    "big-losses.pdf": "附表2 全部大额损失，带各级意见",
    "report.pdf": "风险分类分析报告",
    "loss-report.pdf": "损失类报告",
    "register.xlsx": "分类登记簿（电子表格）",
    "register.csv": "分类登记簿（CSV）",
    "rows.jsonl": "全部资产的数据（供程序读取）",
    "balances.json": "总账余额（供程序读取）",
    "manifest.json": "文件清单（供程序检验）",
}
"""What people call the files of packages and report folders, by their names there."""


def making_file(name: str) -> str:
    """What a long export is at: a file by what people call it."""
    return f"写{FILE_TITLES.get(name, name)}"


def making_working_papers(table_id: str) -> str:
    """What a long export is at: working papers."""
    return f"写附表{table_id}的工作底稿"


def summary_title(stage: str) -> str:
    """The title of the summary of a stage."""
    return f"非信贷资产风险分类汇总表（{stage}）"


def base_summary_title(stage: str) -> str:
    """The title of the summary before netting."""
    return f"非信贷资产风险分类轧差前汇总表（{stage}）"


def change_title(stage: str) -> str:
    """The title of the comparison with the last period."""
    return f"非信贷资产风险分类变动表（{stage}）"


def no_table_2(ruleset: str) -> str:
    """A rule set without table 2 has no sheets to write."""
    return f"本期用的《{ruleset}》没有附表2，不用写。"


def left_behind(name: str) -> str:
    """A file of an earlier time that lies beside files that say there is none."""
    return f"文件夹里的{name}是以前写的，已不是现在的内容，可以删去。"


def subtotal_of(office: str, count: int) -> str:
    """青山信用社（QS）小计　3 笔."""
    return f"{office}小计　{count_words(count)}"


def total_of(count: int) -> str:
    """合计　12 笔."""
    return f"{TOTAL}　{count_words(count)}"


def missing_character(file: str, character: str, code: str, found_in: str) -> str:
    """A note on a character that no font has."""
    return f"{file}：“{found_in}”中的“{character}”字库里没有，已印成〔{code}〕，请手工补写。"


def adds_up(sheet: str, line: str) -> str:
    """The relation between a subtotal's classes and its parts."""
    return f"{sheet}：{line}五级金额合计 = 所属各行分类余额之和"


def equals_tables(sheet: str, line: str, column: str) -> str:
    """The relation between the summary and the determination tables."""
    return f"{sheet}：{line}{column} = 各认定表{column}之和"


def kept_warning(message: str, reason: str, by: str) -> str:
    """A kept warning with its reason and who kept it."""
    return f"{message}　保留理由：{reason}（{by}）"


# Signatures

SIGNED_REASON = "非信贷资产风险分类资料封印"
NOT_SIGNED = "文件没有数字签名。"
SIGNATURE_BROKEN = "文件签名后被改动，签名无效。"
SIGNATURE_UNREADABLE = "文件或其中的签名已损坏，无法读取。"
SIGNATURE_NOT_WHOLE = "签名之后又添加了内容。"


def indicators_title(stage: str) -> str:
    """The title of the indicators of a stage."""
    return f"{INDICATORS_TITLE}（{stage}）"


def migration_title(stage: str, measure: str) -> str:
    """The title of a migration matrix of a stage, by number or amount."""
    return f"{MIGRATION_TITLE}（{stage}，按{measure}）"


def not_compared(missing: Sequence[str], new: Sequence[str]) -> str:
    """Which offices a comparison with the last period leaves out; nothing where it has all."""
    said = "只比较两期都已上报的机构。"
    if missing:
        said += f"本期还没有上报、未计入上期数的{len(missing)}家：{'、'.join(missing)}。"
    if new:
        said += f"上期没有上报、未计入本期数的{len(new)}家：{'、'.join(new)}。"
    return said if missing or new else ""


def netted_note(whole: Sequence[str], partly: Sequence[str]) -> str:
    """Which lines the differences leave out, whole or in part; nothing where there are none."""
    said = ""
    if whole:
        names = "、".join(whole)
        said += f"{names}的总账余额是轧差后的数，不与分类余额比较，小计、合计的差额也不含。"
    if partly:
        said += f"{'、'.join(partly)}的差额不含其中轧差科目的总账余额。"
    return said


def migration_sheet(measure: str) -> str:
    """The sheet of a migration matrix."""
    return f"迁徙（{measure}）"


def coverage_note(base: str) -> str:
    """What provision coverage is measured against."""
    return f"拨备覆盖率为已提准备除以{COVERAGE_BASES[base]}。"


def nothing_to_report(base_date: date) -> str:
    """A period without rows has no summary."""
    return f"{base_date}这一期还没有一笔资产，没有可汇总的内容。请先导入或登记资产。"
