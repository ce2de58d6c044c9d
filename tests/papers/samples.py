"""Hand-made papers for the tests: no book, no evaluation, every text and figure in sight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from app.book.summary import Summary, SummaryRow
from app.forms.classes import FiveClass
from app.forms.reported_date import ReportedDate
from app.forms.schema import FieldType
from app.forms.values import Typed, amount_text, percent_text
from app.papers.model import (
    Agreement,
    BigLossPaper,
    BigLossSheet,
    PaperColumn,
    PaperEvidence,
    PaperHead,
    PaperItem,
    PaperReason,
    PaperRow,
    PaperSection,
    TablePaper,
    WorkingPaper,
    WorkingPapers,
)
from app.papers.summary_tables import SummaryPaper, SummaryPart

SEAL_CODE = "7K3M-Q9XT-4HRD"
LONG_REMARK = (
    "该笔存放同业款项于2004年与农行××支行签订协议，期限30天，到期后对方以机构改革、账务移交为由拖延不还，"
    "本社先后三次派人上门催收，均有回执；对方承诺待上级行批复后归还，但至基准日仍未收回，也没有按期支付利息。"
)


def head(**changes: object) -> PaperHead:
    """The head of a made-up office's paper."""
    given: dict[str, object] = {
        "office": "青山信用社",
        "institution_code": "150402",
        "base_date": date(2006, 12, 31),
        "table_id": "1-2",
        "title": "同业债权分类认定表",
        "ruleset_title": "农村信用社非信贷资产风险分类（2007年）",
        "seal_code": SEAL_CODE,
        "filler": "王明",
        "checker": "李桂芳",
        "head": "张建国",
        "printed_at": datetime(2007, 1, 15, 14, 3),
    }
    return PaperHead(**(given | changes))  # type: ignore[arg-type]


def column(
    key: str, title: str, width: int, kind: FieldType = "text", *group: str, total: bool = False
) -> PaperColumn:
    """A column in short."""
    return PaperColumn(key, title, tuple(group), width, kind, total)


END = (
    column("expected_loss", "预计损失额", 20, "money", total=True),
    column("loss_rate", "预计损失率", 14, "rate"),
    column("remarks", "备注", 28, "long"),
    column("initial_class", "初分意见", 12, "class5"),
    column("review_class", "初审意见", 12, "class5"),
    column("determined_class", "认定结果", 12, "class5"),
)

COLUMNS_1_2 = (
    column("seq", "序号", 8, "int"),
    column("counterparty", "交易对手", 26),
    column("subject", "核算科目", 20, "code"),
    column("carrying_amount", "账面金额", 22, "money", total=True),
    column("formed_on", "形成时间", 18, "date"),
    column("bond_name", "债券名称", 16),
    column("compliance", "内容", 14, "one", "操作风险", "合规性"),
    column("compliance_amount", "金额", 18, "money", "操作风险", "合规性"),
    column("accuracy", "内容", 14, "many", "操作风险", "准确性"),
    column("accuracy_amount", "金额", 18, "money", "操作风险", "准确性"),
    column("agreement", "有无协议", 12, "bool", "操作风险", "完备性"),
    column("agreement_legality", "协议合法性", 14, "one", "操作风险", "完备性"),
    column("vouchers", "凭证齐全性", 14, "one", "操作风险", "完备性"),
    column("counterparty_state", "交易对手经营状况", 18, "one", "信用风险"),
    column("overdue_days", "逾期天数", 12, "int", "信用风险"),
    column("litigation", "诉讼情况", 14, "one", "信用风险"),
    column("limitation", "诉讼时效", 14, "one", "信用风险"),
    column("market_value", "市场风险", 18, "money"),
    *END,
)


def row_1_2(seq: int, *, name: str, amount: str, loss: str, remark: str = "") -> PaperRow:
    """A row of 1-2 with what differs between the tests."""
    carrying, lost = Decimal(amount), Decimal(loss)
    rate = Fraction(lost) / Fraction(carrying) if carrying else Fraction(0)
    values: dict[str, Typed] = {
        "seq": seq,
        "counterparty": name,
        "subject": "1221",
        "carrying_amount": carrying,
        "formed_on": ReportedDate(date(2004, 3, 10)),
        "compliance": "compliant",
        "accuracy": (),
        "agreement": True,
        "agreement_legality": "legal",
        "vouchers": "complete",
        "counterparty_state": "deteriorated",
        "overdue_days": 61,
        "litigation": "none",
        "limitation": "within",
        "expected_loss": lost,
        "loss_rate": rate,
        "remarks": remark,
        "initial_class": FiveClass.DOUBTFUL,
    }
    words = {
        "seq": str(seq),
        "counterparty": name,
        "subject": "1221 存放同业款项",
        "carrying_amount": amount_text(carrying),
        "formed_on": "2004-03-10",
        "compliance": "合规",
        "accuracy": "准确",
        "agreement": "有",
        "agreement_legality": "合法合规",
        "vouchers": "齐全",
        "counterparty_state": "经营恶化、支付出现风险",
        "overdue_days": "61",
        "litigation": "未诉讼",
        "limitation": "时效内",
        "expected_loss": amount_text(lost),
        "loss_rate": percent_text(rate),
        "remarks": remark,
        "initial_class": "可疑",
    }
    keys = [column.key for column in COLUMNS_1_2]
    return PaperRow(
        tuple(words.get(key, "") for key in keys), tuple(values.get(key) for key in keys), values
    )


def two_rows() -> list[PaperRow]:
    """The two claims of the worked cases."""
    return [
        row_1_2(1, name="农行××支行（第一笔）", amount="750000.00", loss="75000.00"),
        row_1_2(
            2,
            name="农行××支行（第二笔）",
            amount="1000000.00",
            loss="400000.00",
            remark=LONG_REMARK,
        ),
    ]


NAMES = (
    "农业银行青山县支行",
    "青山县城市信用合作社",
    "工商银行××支行营业部",
    "建设银行",
    "联社清算中心",
)


def many_rows(count: int) -> Iterator[PaperRow]:
    """Rows as a large office has them; some with long remarks."""
    for seq in range(1, count + 1):
        amount = Decimal(seq % 97 + 1) * Decimal("12345.67")
        loss = (amount * (seq % 5) / 10).quantize(Decimal("0.01"))
        short = "对方经营困难，按估计数列损失。" if loss else ""
        remark = LONG_REMARK if seq % 25 == 0 else short
        yield row_1_2(
            seq, name=NAMES[seq % 5] + str(seq), amount=str(amount), loss=str(loss), remark=remark
        )


def table_paper(rows: list[PaperRow] | None = None, **changes: object) -> TablePaper:
    """Table 1-2 of the made-up office."""
    rows = two_rows() if rows is None else rows
    return TablePaper(head(**changes), COLUMNS_1_2, rows, len(rows), "同业债权")


def large_table(count: int) -> TablePaper:
    """Table 1-2 with many rows, made as they are read."""
    return TablePaper(head(), COLUMNS_1_2, many_rows(count), count, "同业债权")


WORKING_PAPER: dict[str, object] = {
    "item": "1221 存放同业款项",
    "name": "农行××支行（第二笔）",
    "amount": Decimal("1000000.00"),
    "amount_label": "账面金额",
    "capitals": "壹佰万元整",
    "formed_on": "2004-03-10",
    "result": "④ 可疑",
    "loss": "400,000.00",
    "loss_rate": "40.00%",
    "narrative": (
        PaperItem(
            "形成时间及原因",
            "2007年3月20日存入农行××支行，期限30天，用于同业往来清算。",
            wide=True,
        ),
        PaperItem("资产现状", LONG_REMARK, wide=True),
        PaperItem(
            "分类理由及依据",
            "1. 存放同业款项逾期61天，超过30天。依据：逾期30天以上的，至少划为可疑。\n"
            "2. 预计损失率40.00%，达到30%。依据：损失率30%至90%（含）的，至少划为可疑。\n"
            "综合以上，划为可疑。",
            wide=True,
        ),
        PaperItem("已采取的措施及处置建议", "已三次发函催收，建议由联社出面协调归还。", wide=True),
    ),
    "reasons": (
        PaperReason(
            "存放同业款项逾期61天，超过30天",
            "可疑",
            "存放同业款项逾期30天以上的，至少划为可疑。",
        ),
        PaperReason(
            "预计损失率40.00%，达到30%", "可疑", "预计损失率30%至90%（含）的，至少划为可疑。"
        ),
        PaperReason("没有按期结息", "关注", "没有按期支付利息的，至少划为关注。"),
    ),
    "evidence": (
        PaperEvidence("存放同业协议", True, ("协议.jpg", "补充协议.jpg")),
        PaperEvidence("划款凭证", True, ("凭证0320.jpg",)),
        PaperEvidence("催收回执", False),
    ),
    "agreements": tuple(
        Agreement(f"{word}相符", word != "账据")
        for word in ("账账", "账表", "账款", "账实", "账据", "内外账")
    ),
    "sections": (
        PaperSection(
            "基本情况",
            (
                PaperItem("资产编号", "TY-2004-002"),
                PaperItem("类别", "存放同业款项"),
                PaperItem("交易对手", "农业银行青山县支行"),
                PaperItem("债券名称", ""),
                PaperItem("账面金额", "1,000,000.00"),
            ),
        ),
        PaperSection(
            "信用风险",
            (
                PaperItem("交易对手经营状况", "经营恶化、支付出现风险"),
                PaperItem("到期日", "2004-04-09"),
                PaperItem("逾期天数", "61"),
                PaperItem("违规说明", LONG_REMARK, wide=True),
                PaperItem("诉讼情况", "未诉讼"),
            ),
        ),
    ),
    "opinions": (PaperItem("初分意见", "④ 可疑", wide=True),),
    "kept": ("预计损失率与“可疑”一类不相称：对方已有还款计划，按估计数填列。（王明）",),
    "prepared_by": "王明",
    "confirmed_by": "李桂芳",
    "confirmed_on": date(2007, 1, 12),
}


def working_paper(seq: int = 2, **changes: object) -> WorkingPaper:
    """The working paper of the second claim of the worked cases."""
    numbers: dict[str, object] = {"asset_id": f"150402-{seq:04}", "seq": seq}
    return WorkingPaper(**(WORKING_PAPER | numbers | changes))  # type: ignore[arg-type]


def working_papers(count: int = 2) -> WorkingPapers:
    """Working papers of table 1-2, made as they are read."""
    amount = Decimal("1000000.00") * count
    return WorkingPapers(head(), (working_paper(seq) for seq in range(1, count + 1)), count, amount)


def big_loss_sheet(number: int = 1, **changes: object) -> BigLossSheet:
    """A sheet of table 2: a car that is gone."""
    given: dict[str, object] = {
        "asset_id": f"150402-{number:04}",
        "name": "桑塔纳轿车",
        "origin": "附表1-8 第12号",
        "facts": (
            PaperItem("资产项目", "固定资产"),
            PaperItem("资产名称", "桑塔纳轿车"),
            PaperItem("核算科目", "1501 固定资产"),
            PaperItem("账面金额", "105,000.00"),
            PaperItem("形成时间", "2003-12-18"),
            PaperItem("预计可收回额", "0.00"),
            PaperItem("预计损失额", "105,000.00"),
            PaperItem("预计损失率", "100.00%"),
        ),
        "accounts": (
            PaperItem("形成时间及原因", "2003年12月18日经联社批准购入，用于催收。"),
            PaperItem("资产现状", LONG_REMARK),
            PaperItem("已采取的清收措施及结果", LONG_REMARK),
            PaperItem("认定为损失的理由及依据", "盘点时找不到实物，公安机关立案两年未破。"),
            PaperItem("责任人", "王某（时任主任，决策）、李某（经办）"),
            PaperItem("责任认定意见", "保管人负直接责任，已责令赔偿。"),
        ),
        "evidence": (
            PaperEvidence("机动车行驶证", True),
            PaperEvidence("公安机关报案回执", True),
            PaperEvidence("盘点表", True),
        ),
        "opinions": (
            PaperItem("初分意见", "⑤ 损失"),
            PaperItem("初审意见", ""),
            PaperItem("审计意见", ""),
            PaperItem("认定结果", ""),
        ),
    }
    return BigLossSheet(**(given | changes))  # type: ignore[arg-type]


def big_loss_paper(count: int = 2) -> BigLossPaper:
    """Table 2 of the made-up office."""
    sheets = [big_loss_sheet(number) for number in range(1, count + 1)]
    return BigLossPaper(head(table_id="2", title="大额损失类资产认定表"), sheets, count)


def summary_row(
    key: str, title: str, level: int, classes: str, balance: str, **changes: object
) -> SummaryRow:
    """A line of the summary; classes as five amounts."""
    amounts = [Decimal(part) for part in classes.split()]
    classified = sum(amounts, Decimal("0.00"))
    given: dict[str, object] = {
        "key": key,
        "title": title,
        "level": level,
        "balance": Decimal(balance),
        "classified": classified,
        "difference": Decimal(balance) - classified,
        "classes": dict(zip(FiveClass, amounts, strict=True)),
        "unreviewed": Decimal("0.00"),
        "expected_loss": (amounts[4] * Decimal("0.95")).quantize(Decimal("0.01")),
        "count": 3,
        "exceeding": (),
        "sum_of": (),
        "subjects": (),
    }
    return SummaryRow(**(given | changes))  # type: ignore[arg-type]


def summary(factor: int = 1) -> Summary:
    """A small summary that adds up: safe lines (one of them netting), risky ones, total."""
    cash = 1200 * factor
    risky = "338000 650800 750000 1000000 105000.5"
    lines = (
        summary_row("cash", "现金及周转金", 2, f"{cash} 0 0 0 0", f"{cash}"),
        summary_row("interbranch", "存放联行款项", 2, "300 0 0 0 50", "200", difference=None),
        summary_row(
            "safe", "安全性非信贷资产小计", 1, f"{cash + 300} 0 0 0 50", f"{cash + 200}",
            difference=Decimal(0), sum_of=("cash", "interbranch"), count=6,
        ),
        summary_row(
            "claims", "同业债权", 2, "0 0 750000 1000000 0", "1750000", sum_of=("deposits",)
        ),
        summary_row("deposits", "存放同业款项", 3, "0 0 750000 1000000 0", "1750000"),
        summary_row("fixed", "固定资产", 2, "338000 650800 0 0 105000.5", "1093900.5"),
        summary_row(
            "risky", "风险性非信贷资产小计", 1, risky, "2843900.5",
            sum_of=("claims", "fixed"), count=6,
        ),
        summary_row(
            "total", "非信贷资产合计", 1, f"{338000 + cash + 300} 650800 750000 1000000 105050.5",
            f"{Decimal('2843900.5') + cash + 200}",
            difference=Decimal("100.00"), sum_of=("safe", "risky"), count=12,
        ),
    )  # fmt: skip
    return Summary("initial", True, lines)


def summary_paper() -> SummaryPaper:
    """A summary with all kinds of tables."""
    parts = (
        SummaryPart("非信贷资产风险分类汇总表（初分）", summary()),
        SummaryPart("非信贷资产风险分类汇总表（初分，轧差前）", summary()),
        SummaryPart("非信贷资产风险分类变动表（初分）", summary(), summary(2)),
    )
    return SummaryPaper(head(table_id="", title="非信贷资产风险分类汇总表"), parts)
