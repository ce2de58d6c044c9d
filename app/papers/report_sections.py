"""First sections of the analysis report: where the office stands, table by table, since last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from app.forms.classes import FiveClass
from app.forms.results import DEFAULT_RULE
from app.forms.values import amount_text, percent_text
from app.papers import wording
from app.papers.model import PaperColumn
from app.papers.report_facts import STRICTER, Gathered, ReportFacts, RowFacts, TableFacts
from app.papers.report_model import Bar, Block, Chart, Paragraph, ReportTable, Section, Sentence
from app.papers.report_texts import report_texts
from app.papers.report_words import (
    ALL_ROWS,
    bullets,
    change,
    ended,
    numeral,
    paragraph,
    points,
    rows_words,
    share,
    yuan,
)

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.indicators import Indicators, IndicatorSheet
    from app.book.migration import Migration
    from app.book.summary import Summary

_MOST_GROUPS = 8
_MOST_MOVED = 15


@dataclass(slots=True)
class Drafting:
    """Everything a report is drafted from, and what turned out to be missing."""

    book: Book
    facts: ReportFacts
    netted: Summary
    base: Summary
    sheet: IndicatorSheet
    compared: IndicatorSheet
    """The same of the offices that reported in both periods."""
    before: IndicatorSheet | None
    before_date: str
    left_out: str
    """Which offices the comparison is without."""
    moved: Migration | None
    missing: list[str] = field(default_factory=list)

    @property
    def total(self) -> Indicators:
        """All rows."""
        return self.sheet.total

    @property
    def stage_words(self) -> str:
        """初分, 初审, 认定."""
        return wording.STAGE_WORDS[self.facts.stage]


def _all(text: str) -> Sentence:
    return Sentence(text, scope=ALL_ROWS)


# One: where the office stands


def basic_section(draft: Drafting) -> Section:
    """Total, after netting, safe and risk-bearing, the five classes, provisions, the ledger."""
    blocks: list[Block] = [
        *paragraph(_totals(draft), _parts(draft)),
        *paragraph(_classes(draft), _bad(draft), _unreviewed(draft)),
        *paragraph(_provisions(draft), _ledger(draft)),
        _class_table(draft.total, draft.facts),
        _class_chart(draft.total, "五级分类金额（元）", by_amount=True),
        _class_chart(draft.total, "五级分类笔数", by_amount=False),
    ]
    return Section("基本情况", tuple(blocks))


def _totals(draft: Drafting) -> Sentence:
    book, total = draft.book, draft.total.all
    day = wording.date_words(book.period.base_date)
    text = f"截至{day}，{book.institution.name}共有非信贷资产{total.count}笔，"
    text += f"账面余额{yuan(total.amount)}"
    netted = draft.netted.total.classified
    if netted != total.amount:
        text += f"，轧差后参与分类{yuan(netted)}"
    return _all(ended(text))


def _parts(draft: Drafting) -> Sentence | None:
    keys = {line.key for line in draft.base.lines}
    if not {"safe_assets", "risk_bearing_assets"} <= keys:
        draft.missing.append("安全性和风险性资产：汇总表没有这两行，没有分开列出。")
        return None
    safe = draft.base.line("safe_assets").classified
    risk, whole = draft.base.line("risk_bearing_assets").classified, draft.total.all.amount
    return _all(
        f"其中安全性非信贷资产{yuan(safe)}，占{share(safe, whole)}；"
        f"风险性非信贷资产{yuan(risk)}，占{share(risk, whole)}。"
    )


def _classes(draft: Drafting) -> Sentence:
    whole = draft.total.all.amount
    parts = [
        f"{five.label}{sums.count}笔、{yuan(sums.amount)}，占{share(sums.amount, whole)}"
        for five, sums in draft.total.classes.items()
    ]
    return _all(f"按{draft.stage_words}结果，{'；'.join(parts)}。")


def _bad(draft: Drafting) -> Sentence:
    total = draft.total
    return _all(
        f"后三类不良资产{total.bad.count}笔、{yuan(total.bad.amount)}，"
        f"不良占比{percent_text(total.non_performing_ratio)}；"
        f"预计损失{yuan(total.all.loss)}，预计损失率{percent_text(total.loss_rate)}。"
    )


def _unreviewed(draft: Drafting) -> Sentence | None:
    left = draft.total.unreviewed
    if not left.count:
        return None
    rows = [row for table in draft.facts.tables for row in table.of(None).rows]
    draft.missing.append(f"{left.count}笔资产还没有{draft.stage_words}意见，没有计入五类。")
    return Sentence(f"另有{left.count}笔、{yuan(left.amount)}还没有意见。", tuple(rows))


def _provisions(draft: Drafting) -> Sentence | None:
    total = draft.total
    if not total.provisions:
        draft.missing.append("已提准备：总账核对中没有录入，没有计算拨备覆盖率。")
        return None
    text = f"已提准备{yuan(total.provisions)}"
    if total.coverage is not None:
        base = wording.COVERAGE_BASES[total.base]
        text += f"，对{base}的拨备覆盖率{percent_text(total.coverage)}"
    return _all(ended(text))


def _ledger(draft: Drafting) -> Sentence | None:
    from app.book.ledger import ties

    found = ties(draft.book.store)
    if not found:
        draft.missing.append("总账余额：没有录入，没有与总账核对。")
        return None
    tolerance = draft.book.ruleset.definition.ledger_tolerance
    differing = [tie for tie in found if abs(tie.ledger - tie.rows) > tolerance]
    text = f"与总账核对{len(found)}个科目，{len(found) - len(differing)}个相符"
    if differing:
        named = "、".join(
            f"{tie.subject.code} {tie.subject.name}相差{yuan(tie.ledger - tie.rows)}"
            for tie in differing[:5]
        )
        text += f"，{len(differing)}个有差额（{named}{'等' if len(differing) > 5 else ''}）"
    return _all(ended(text))


_CLASS_COLUMNS = (
    PaperColumn("class", "类别", (), 20, "one"),
    PaperColumn("count", "笔数", (), 16, "int"),
    PaperColumn("amount", "账面余额（元）", (), 36, "money"),
    PaperColumn("share", "占比", (), 20, "rate"),
    PaperColumn("loss", "预计损失（元）", (), 36, "money"),
)


def _class_table(total: Indicators, facts: ReportFacts) -> ReportTable:
    lines, rows = [], []
    entries = [(five.label, sums) for five, sums in total.classes.items()]
    if total.unreviewed.count:
        entries.append(("未定", total.unreviewed))
    for label, sums in [*entries, ("合计", total.all)]:
        ratio = share(sums.amount, total.all.amount)
        lines.append(
            (label, str(sums.count), amount_text(sums.amount), ratio, amount_text(sums.loss))
        )
    for five in (*FiveClass, None)[: len(entries)]:
        rows.append(tuple(row for table in facts.tables for row in table.of(five).rows))
    return ReportTable(_CLASS_COLUMNS, tuple(lines), "五级分类情况", (*rows, ()), with_total=True)


def _class_chart(total: Indicators, title: str, *, by_amount: bool) -> Chart:
    bars = []
    for five, sums in total.classes.items():
        value = sums.amount if by_amount else Decimal(sums.count)
        shown = amount_text(sums.amount) if by_amount else f"{sums.count}笔"
        bars.append(Bar(five.label, value, shown, five.value))
    return Chart(title, tuple(bars))


# Two: table by table

_TABLE_COLUMNS = (
    PaperColumn("table", "认定表", (), 40),
    PaperColumn("count", "笔数", (), 14, "int"),
    PaperColumn("amount", "账面余额（元）", (), 32, "money"),
    PaperColumn("bad", "不良余额（元）", (), 32, "money"),
    PaperColumn("ratio", "不良占比", (), 20, "rate"),
    PaperColumn("loss", "预计损失（元）", (), 32, "money"),
)


def results_section(draft: Drafting) -> Iterator[Section]:
    """All tables in one overview, then each by itself."""
    lines = [
        (
            f"附表{line.key} {line.title}" if line.key else line.title,
            str(line.all.count),
            amount_text(line.all.amount),
            amount_text(line.bad.amount),
            percent_text(line.non_performing_ratio),
            amount_text(line.all.loss),
        )
        for line in (*draft.sheet.lines, draft.total)
    ]
    overview = ReportTable(_TABLE_COLUMNS, tuple(lines), "各类资产分类结果", with_total=True)
    losses = [line for line in draft.sheet.lines if line.all.loss]
    bars = [Bar(line.title, line.all.loss, amount_text(line.all.loss)) for line in losses]
    blocks: list[Block] = [overview]
    if bars:
        blocks.append(Chart("各类资产预计损失（元）", tuple(bars)))
    yield Section("分项分类结果及成因", tuple(blocks))
    for number, facts in enumerate(draft.facts.tables, 1):
        yield _table_section(draft, facts, number)


def _table_section(draft: Drafting, facts: TableFacts, number: int) -> Section:
    table = facts.table
    line = draft.sheet.line(table.id)
    assert line is not None  # it has rows
    normal = facts.of(FiveClass.NORMAL)
    text = f"{table.short_title}共{line.all.count}笔、{yuan(line.all.amount)}"
    text += f"，其中正常{normal.count}笔、{yuan(normal.amount)}" if normal.count else ""
    if line.bad.count:
        text += f"；不良{line.bad.count}笔、{yuan(line.bad.amount)}"
        text += f"，不良占比{percent_text(line.non_performing_ratio)}"
    text += f"；预计损失{yuan(line.all.loss)}" if line.all.loss else ""
    blocks: list[Block] = [*paragraph(Sentence(ended(text), scope=table.id))]
    for five in list(FiveClass)[1:]:
        blocks += _class_reasons(facts, five)
    blocks += _appraisal(draft, facts, line)
    title = f"（{numeral(number)}）{table.short_title}（附表{table.id}）"
    return Section(title, tuple(blocks), level=2)


def _class_reasons(facts: TableFacts, five: FiveClass) -> Iterator[Paragraph]:
    whole = facts.of(five)
    if not whole.count:
        return
    head = f"{five.label}类{whole.count}笔、{yuan(whole.amount)}"
    head += f"，预计损失{yuan(whole.loss)}" if whole.loss else ""
    yield from paragraph(Sentence(f"{head}。原因：", tuple(whole.rows)))
    groups = [(rule, group) for (cls, rule), group in facts.groups.items() if cls is five]
    groups.sort(key=lambda pair: (-pair[1].amount, pair[0]))
    sentences = [_group_sentence(rule, group) for rule, group in groups[:_MOST_GROUPS]]
    rest = [group for _, group in groups[_MOST_GROUPS:]]
    if rest:
        rows = tuple(row for group in rest for row in group.rows)
        amount = sum((group.amount for group in rest), Decimal("0.00"))
        sentences.append(Sentence(f"其他原因{len(rows)}笔、{yuan(amount)}。", rows))
    yield from bullets(sentences)


def _group_sentence(rule: str, group: Gathered) -> Sentence:
    what = f"{group.count}笔、{yuan(group.amount)}，{rows_words(group.rows)}"
    if rule == STRICTER:
        why = f"意见与系统建议不同：{group.example.rstrip('。') or '没有写明理由'}"
    else:
        basis = group.title.removeprefix(DEFAULT_RULE).rstrip("。")
        example = group.example.rstrip("。")
        why = basis or example or "见工作底稿"
        if group.count == 1 and example and basis:
            why = f"{example}。依据：{basis}"
    return Sentence(f"{what}。{why}。", tuple(group.rows))


def _appraisal(draft: Drafting, facts: TableFacts, line: Indicators) -> Iterator[Paragraph]:
    """Overall evaluation and disposal suggestion (总体评价和处置建议)."""
    texts = report_texts()
    table = facts.table
    verdict = texts.evaluation_of(line.non_performing_ratio)
    classes = {five for five in facts.classes if five is not None}
    disposal = texts.disposal_of(table.id, classes)
    scope = table.id
    yield from paragraph(
        Sentence(f"总体评价：{table.short_title}{verdict}。", scope=scope),
        Sentence(f"处置建议：{ended(disposal)}", scope=scope) if disposal else None,
    )
    if facts.without_measures:
        draft.missing.append(
            f"附表{table.id}：{len(facts.without_measures)}笔关注及以下的资产没有写"
            f"“已采取的措施及处置建议”（{rows_words(facts.without_measures)}）。"
        )
    if facts.measures:
        yield from paragraph(Sentence("已采取的措施："))
        yield from bullets(
            Sentence(f"{row.name}（{row.id}）：{ended(text)}", (row.id,))
            for row, text in facts.largest_measures()
        )


# Four: against last period


def comparison_section(draft: Drafting) -> Section | None:
    """What changed since the last period, and why it moved."""
    before = draft.before
    if before is None or draft.moved is None:
        draft.missing.append("上期数据：账套中没有上一期，没有作比较。")
        return None
    old, new = before.total, draft.compared.total
    blocks: list[Block] = [
        *paragraph(*([_all(draft.left_out)] if draft.left_out else [])),
        *paragraph(
            _all(
                f"上期（{draft.before_date}）共{old.all.count}笔、{yuan(old.all.amount)}，"
                f"本期{new.all.count}笔、{yuan(new.all.amount)}，"
                f"{change(old.all.amount, new.all.amount)}。"
            ),
            _all(
                f"不良资产由{yuan(old.bad.amount)}变为{yuan(new.bad.amount)}，"
                f"{change(old.bad.amount, new.bad.amount)}；不良占比由"
                f"{percent_text(old.non_performing_ratio)}变为"
                f"{percent_text(new.non_performing_ratio)}，"
                f"{points(new.non_performing_ratio - old.non_performing_ratio)}。"
            ),
            _all(
                f"预计损失由{yuan(old.all.loss)}变为{yuan(new.all.loss)}，"
                f"{change(old.all.loss, new.all.loss)}。"
            ),
        ),
        *_movement(draft.moved),
    ]
    moved = sorted(draft.facts.moved, key=lambda row: (-row.amount, row.id))
    if moved:
        blocks.append(_moved_table(moved))
    return Section("与上期比较", tuple(blocks))


def _movement(moved: Migration) -> list[Paragraph]:
    worse, better = moved.worse, moved.better
    new = sum((cell.now for cell in moved.new.values()), Decimal("0.00"))
    gone = sum((cell.before for cell in moved.gone.values()), Decimal("0.00"))
    new_count = sum(cell.count for cell in moved.new.values())
    gone_count = sum(cell.count for cell in moved.gone.values())
    return paragraph(
        _all(
            f"类别变差{worse.count}笔、上期余额{yuan(worse.before)}，"
            f"下迁率{percent_text(moved.downward_rate)}（按笔数"
            f"{percent_text(moved.downward_count_rate)}）；"
            f"类别变好{better.count}笔、上期余额{yuan(better.before)}。"
        ),
        _all(f"本期新增{new_count}笔、{yuan(new)}；上期有、本期已无{gone_count}笔、{yuan(gone)}。"),
    )


_MOVED_COLUMNS = (
    PaperColumn("id", "编号", (), 24),
    PaperColumn("name", "资产名称", (), 38),
    PaperColumn("amount", "账面余额（元）", (), 28, "money"),
    PaperColumn("last", "上期", (), 14, "one"),
    PaperColumn("now", "本期", (), 14, "one"),
    PaperColumn("why", "变动原因", (), 52, "long"),
)


def _moved_table(moved: list[RowFacts]) -> ReportTable:
    shown = moved[:_MOST_MOVED]
    lines = tuple(
        (
            row.id,
            row.name,
            amount_text(row.amount),
            row.last.label if row.last else "",
            row.five.label if row.five else "",
            row.reason,
        )
        for row in shown
    )
    caption = "类别变动的资产"
    if len(moved) > len(shown):
        caption += f"（共{len(moved)}笔，列出金额最大的{len(shown)}笔）"
    return ReportTable(_MOVED_COLUMNS, lines, caption, tuple((row.id,) for row in shown))
