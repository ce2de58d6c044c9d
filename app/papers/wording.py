"""The words that are printed on papers."""

from __future__ import annotations

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

SEAL_CODE = "封签码"
DRAFT = "草稿，未封签"
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
WP_AGREEMENTS = "六相符核对"
WP_AGREES = "相符"
WP_DIFFERS = "不符"
WP_NOT_ASKED = "本表不问"
WP_CONFIRMATION = "会计确认"
WP_CONFIRMED_TEXT = "账务已经核对，与本底稿所列一致。"
WP_PREPARED_BY = "初分人"
WP_OPINIONS = "各级意见"
WP_KEPT = "保留的提示及理由"
WP_FIELDS = "填报内容"
WP_COVER_COUNT = "资产笔数"
WP_COVER_AMOUNT = "账面金额合计"
WP_COVER_TABLE = "对应认定表"
ATTACHED = "已附"
LACKING = "缺"
UNKNOWN = "未登记"

BIG_LOSS_TITLE = "大额损失类资产认定表"
BIG_LOSS_ORIGIN = "来源"
BIG_LOSS_MISSING = "尚待补充"
NO_SHEETS = "本期没有需要填报附表2的资产。"

SUMMARY_TITLE = "非信贷资产风险分类汇总表"
NOT_COMPARED = "—"
XLSX_PAGES = "第 &P 页　共 &N 页"
CHOICES_SHEET = "选项"


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


def working_papers_title(short_title: str) -> str:
    """The title of a table's working papers."""
    return f"{short_title}工作底稿"


# Signatures

SIGNED_REASON = "非信贷资产风险分类资料封签"
NOT_SIGNED = "文件没有数字签名。"
SIGNATURE_BROKEN = "文件签名后被改动，签名无效。"
SIGNATURE_UNREADABLE = "文件或其中的签名已损坏，无法读取。"
SIGNATURE_NOT_WHOLE = "签名之后又添加了内容。"
