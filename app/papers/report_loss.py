"""Drafting the report on loss-class assets (损失类报告): causes, asset by asset, proof, votes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from app.forms.values import amount_text
from app.papers import from_book, wording
from app.papers.from_book import Sealing
from app.papers.model import PaperColumn
from app.papers.report_draft import missing_section, numbered
from app.papers.report_facts import LOSS_BAND, STRICTER, ReportFacts, RowFacts, report_facts
from app.papers.report_model import Bar, Block, Chart, Report, ReportTable, Section, Sentence
from app.papers.report_texts import Cause, report_texts
from app.papers.report_words import (
    MOST_LINES,
    bullets,
    ended,
    paragraph,
    rows_words,
    shortened,
    yuan,
)
from app.papers.summary_from_book import stages_with_opinions

if TYPE_CHECKING:
    from app.book.big_losses import Written
    from app.book.book import Book
    from app.book.said import Said
    from app.book.types import Row

ZERO = Decimal("0.00")
_OWN = {"collection": "清收", "responsible": "责任人", "responsibility_opinion": "责任认定"}


@dataclass(slots=True)
class _Losses:
    """The loss rows with what the book holds about them."""

    book: Book
    facts: ReportFacts
    rows: list[RowFacts]
    missing: list[str] = field(default_factory=list)
    sheets: dict[str, dict[str, str]] = field(init=False)
    """What the clerks wrote on the sheets of table 2, by row."""

    def __post_init__(self) -> None:
        """Reads the sheets once; of each only a few words are needed."""
        from app.book.big_losses import written

        self.sheets = {sheet.row_id: _words(sheet) for sheet in written(self.book.store)}

    @property
    def largest(self) -> list[RowFacts]:
        """The losses that are shown one by one."""
        return self.rows[:MOST_LINES]

    @property
    def amount(self) -> Decimal:
        """Their carrying amount."""
        return sum((row.amount for row in self.rows), ZERO)

    @property
    def loss(self) -> Decimal:
        """Their expected loss."""
        return sum((row.loss for row in self.rows), ZERO)


def _words(sheet: Written) -> dict[str, str]:
    return {"name": sheet.name, **{key: str(sheet.own.get(key) or "").strip() for key in _OWN}}


def loss_report(
    book: Book,
    sealing: Sealing,
    *,
    facts: ReportFacts | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """The report on every asset that is loss at the last stage with opinions."""
    stage = stages_with_opinions(book)[-1]
    gathered = facts or report_facts(book, stage, progress)
    rows = sorted(gathered.losses, key=lambda row: (-row.amount, row.id))
    losses = _Losses(book, gathered, rows)
    sections: list[Section | None] = [_overall(losses)]
    if rows:
        sections += [*_causes(losses), _each(losses), _proof(losses)]
        sections += [_responsibility(losses), _deliberation(losses)]
    missing = tuple(losses.missing)
    sections.append(missing_section(missing))
    head = replace(from_book.paper_head(book, sealing), title=wording.LOSS_REPORT_TITLE)
    return Report(head, numbered(sections), missing)


# How much


def _overall(losses: _Losses) -> Section:
    day = wording.date_words(losses.book.period.base_date)
    if not losses.rows:
        text = f"截至{day}，没有划为损失类的非信贷资产。"
        return Section("总体情况", tuple(paragraph(Sentence(text))))
    ids = tuple(row.id for row in losses.rows)
    text = f"截至{day}，划为损失类的非信贷资产共{len(ids)}笔、{yuan(losses.amount)}"
    text += f"，预计损失{yuan(losses.loss)}"
    threshold = losses.book.ruleset.big_loss_threshold
    more = Sentence(
        f"其中单笔{yuan(threshold)}（含）以上、另填附表2的{len(losses.sheets)}笔。",
        tuple(losses.sheets),
    )
    by_table: dict[str, list[RowFacts]] = {}
    for row in losses.rows:
        by_table.setdefault(row.table_id, []).append(row)
    titles = {table.id: table.short_title for table in losses.book.ruleset.row_tables}
    bars = []
    for table_id in sorted(by_table, key=list(titles).index):
        loss = sum((row.loss for row in by_table[table_id]), ZERO)
        bars.append(Bar(titles[table_id], loss, amount_text(loss), "loss"))
    blocks: list[Block] = [*paragraph(Sentence(ended(text), ids), more)]
    blocks.append(Chart("损失类资产预计损失（元）", tuple(bars)))
    return Section("总体情况", tuple(blocks))


# Why


def _causes(losses: _Losses) -> Iterator[Section]:
    texts = report_texts()
    by_cause: dict[str, list[RowFacts]] = {}
    for row in losses.rows:
        by_cause.setdefault(_cause(row).kind, []).append(row)
    intro = "下列成因按认定时起决定作用的情形归类，由填报单位核对后补充具体经过。"
    yield Section("损失成因分析", tuple(paragraph(Sentence(intro))))
    for cause in reversed(texts.cause):
        rows = by_cause.get(cause.kind)
        if not rows:
            continue
        ids = tuple(row.id for row in rows)
        amount = sum((row.amount for row in rows), ZERO)
        head = f"共{len(rows)}笔、{yuan(amount)}，{cause.text}（{rows_words(ids)}）"
        sentences = [_cause_sentence(row) for row in rows[:MOST_LINES]]
        blocks = [*paragraph(Sentence(ended(head), ids)), *bullets(sentences)]
        yield Section(cause.title, tuple(blocks), level=2)


def _cause(row: RowFacts) -> Cause:
    """By the deciding rule; a rate of loss alone says nothing, then any other rule that held."""
    telling = [rule for rule in row.held if rule != LOSS_BAND]
    if row.rule in telling:
        return report_texts().cause_of(row.rule)
    return report_texts().cause_of(telling[0] if telling else row.rule)


def _cause_sentence(row: RowFacts) -> Sentence:
    why = row.reason.rstrip("。") or "见工作底稿"
    if row.rule == STRICTER:
        why = f"按意见划为损失，{why}"
    return Sentence(f"{row.name}（{row.id}），{yuan(row.amount)}：{why}。", (row.id,))


# Asset by asset

_EACH_COLUMNS = (
    PaperColumn("id", "编号", (), 24),
    PaperColumn("name", "资产名称", (), 36),
    PaperColumn("table", "认定表", (), 18),
    PaperColumn("amount", "账面余额（元）", (), 28, "money"),
    PaperColumn("loss", "预计损失（元）", (), 28, "money"),
    PaperColumn("why", "认定为损失的理由", (), 64, "long"),
)


def _each(losses: _Losses) -> Section:
    lines = [
        (
            row.id,
            row.name,
            f"附表{row.table_id}",
            amount_text(row.amount),
            amount_text(row.loss),
            row.reason,
        )
        for row in losses.largest
    ]
    total = ("合计", "", "", amount_text(losses.amount), amount_text(losses.loss), "")
    rows = (*((row.id,) for row in losses.largest), ())
    caption = shortened("损失类资产逐笔情况", len(losses.rows))
    table = ReportTable(_EACH_COLUMNS, (*lines, total), caption, rows, with_total=True)
    return Section("逐笔情况", (table,))


_PROOF_ROOM, _PROOF_LEAST = 118, 34
"""Width of what is there and what lacks, and what each of the two has at least."""


def _proof_columns(lines: Sequence[tuple[str, str, str, str]]) -> tuple[PaperColumn, ...]:
    """The fuller one of the two lists has more of the room."""
    has, lacks = (sum(len(line[place]) for line in lines) for place in (2, 3))
    wide = round(_PROOF_ROOM * has / (has + lacks)) if has + lacks else _PROOF_ROOM // 2
    wide = min(max(wide, _PROOF_LEAST), _PROOF_ROOM - _PROOF_LEAST)
    return (
        PaperColumn("id", "编号", (), 24),
        PaperColumn("name", "资产名称", (), 36),
        PaperColumn("has", "已附的认定材料和证据", (), wide, "long"),
        PaperColumn("lacks", "还缺的材料", (), _PROOF_ROOM - wide, "long"),
    )


def _proof(losses: _Losses) -> Section:
    from app.book.evidence import attachments_of, evidence_counts

    store, shown = losses.book.store, losses.largest
    files = attachments_of(store, [row.id for row in shown])
    lacking: dict[str, list[str]] = {}
    for table in losses.facts.tables:
        for paper, ids in table.lacking.items():
            for row_id in ids:
                lacking.setdefault(row_id, []).append(paper)
    lines = []
    for row in shown:
        has = dict.fromkeys(file.paper or file.name for file in files.get(row.id, ()))
        lines.append((row.id, row.name, "、".join(has), "、".join(lacking.get(row.id, ()))))
    attached = evidence_counts(store)
    bare = [row.id for row in losses.rows if row.id not in attached]
    if bare:
        losses.missing.append(f"认定材料：{len(bare)}笔没有附任何证据（{rows_words(bare)}）。")
    rows = tuple((row.id,) for row in shown)
    count = len(losses.rows)
    caption = shortened("所附资料", count) if count > MOST_LINES else ""
    proof = ReportTable(_proof_columns(lines), tuple(lines), caption, rows)
    return Section("认定材料和证据", (proof,))


def _responsibility(losses: _Losses) -> Section | None:
    """What the sheets of table 2 say about collection and responsibility."""
    sentences, empty = [], []
    for row_id, own in losses.sheets.items():
        said = [f"{label}：{own[key].rstrip('。')}" for key, label in _OWN.items() if own[key]]
        words = "；".join(said)
        if words:
            sentences.append(Sentence(f"{own['name']}（{row_id}）：{words}。", (row_id,)))
        else:
            empty.append(row_id)
    if empty:
        losses.missing.append(
            f"清收和责任认定：{len(empty)}笔的附表2没有填写（{rows_words(empty)}）。"
        )
    small = len(losses.rows) - len(losses.sheets)
    if small > 0:
        losses.missing.append(
            f"责任认定：不填附表2的{small}笔，责任人和责任认定意见由填报单位补写。"
        )
    return _said("清收和责任认定", sentences)


def _said(title: str, sentences: list[Sentence]) -> Section | None:
    """A section of one sentence a row, of which a report prints only so many."""
    if not sentences:
        return None
    shown, rest = sentences[:MOST_LINES], sentences[MOST_LINES:]
    if rest:
        ids = tuple(row_id for sentence in rest for row_id in sentence.rows)
        shown.append(Sentence(f"其余{len(rest)}笔见认定表和工作底稿。", ids))
    return Section(title, tuple(bullets(shown)))


def _deliberation(losses: _Losses) -> Section | None:
    """Audit opinions, votes and minutes, as far as the book holds them."""
    from app.book.said import last_said

    sentences, unheard = [], []
    wanted = {row.id for row in losses.rows}
    said = last_said(losses.book.store, sorted(wanted))
    for row in losses.book.rows():
        if row.id not in wanted:
            continue
        words = _opinions(row, said.get(row.id, {}).get("determination"))
        if words:
            sentences.append(
                Sentence(f"{row.values.get('name')}（{row.id}）：{words}。", (row.id,))
            )
        else:
            unheard.append(row.id)
    if unheard:
        losses.missing.append(
            f"审计意见、领导小组表决和会议纪要：{len(unheard)}笔还没有（{rows_words(unheard)}）。"
        )
    return _said("审计和审议情况", sentences)


def _opinions(row: Row, determined: Said | None) -> str:
    labels = (
        ("audit_opinion", "审计意见"),
        ("department_opinion", "归口部门意见"),
        ("determined_reason", "认定说明"),
    )
    said = [
        f"{label}：{str(row.values[key]).rstrip('。')}"
        for key, label in labels
        if row.values.get(key)
    ]
    if determined is not None and determined.vote:
        said.append(
            f"领导小组{wording.date_words(determined.on)}表决：{determined.vote.rstrip('。')}"
        )
    if determined is not None and determined.minutes:
        said.append(f"会议纪要：{determined.minutes}")
    return "；".join(said)
