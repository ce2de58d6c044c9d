"""Later sections of the analysis report: the work, problems met, wrong booking, suggestions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from app.forms.classes import FiveClass
from app.forms.values import amount_text
from app.papers.model import PaperColumn
from app.papers.report_facts import BookedItem
from app.papers.report_model import Block, Paragraph, ReportTable, Section, Sentence
from app.papers.report_sections import Drafting
from app.papers.report_texts import report_texts
from app.papers.report_words import (
    ALL_ROWS,
    MOST_LINES,
    bullets,
    ended,
    paragraph,
    rows_words,
    shortened,
    yuan,
)

if TYPE_CHECKING:
    from app.book.types import Finding

_MOST_KEPT = 40
_MOST_NOTES = 5


# The work (分类工作总结)


def work_section(draft: Drafting) -> Section:
    """Who did the work by which rules, how far it is, what evidence there is."""
    book = draft.book
    blocks = [
        *paragraph(Sentence(f"本次分类依据“{book.ruleset.title}”进行。"), _people(draft)),
        *paragraph(_listings(draft), _stages(draft), _evidence(draft)),
    ]
    return Section("分类工作情况", tuple(blocks))


def _people(draft: Drafting) -> Sentence | None:
    from app.book.types import ROLES

    by_role: dict[str, list[str]] = {}
    for person in draft.book.people():
        by_role.setdefault(ROLES[person.role], []).append(person.name)
    if not by_role:
        draft.missing.append("参加人员：账套中没有登记。")
        return None
    words = "；".join(f"{role}{'、'.join(names)}" for role, names in by_role.items())
    return Sentence(f"参加人员：{words}。")


def _listings(draft: Drafting) -> Sentence | None:
    records = draft.book.imports()
    if not records:
        return None
    count = sum(record.row_count for record in records)
    return Sentence(f"从{len(records)}份清单导入资产{count}笔，其余由初分人登记。")


def _stages(draft: Drafting) -> Sentence:
    from app.book.standing import stage_counts
    from app.book.types import STAGES

    found = stage_counts(draft.book.store)
    words = "，".join(f"{label}{found[code]}笔" for code, label in STAGES.items() if code in found)
    return Sentence(f"目前各笔资产的进度：{words}。", scope=ALL_ROWS)


def _evidence(draft: Drafting) -> Sentence:
    from app.book.evidence import evidence_counts

    files = evidence_counts(draft.book.store)
    lacking = {row for t in draft.facts.tables for ids in t.lacking.values() for row in ids}
    text = f"{len(files)}笔资产附了证明资料，共{sum(files.values())}份"
    if lacking:
        text += f"；{len(lacking)}笔还缺应附的资料"
    return Sentence(ended(text), tuple(lacking))


# Problems met


def problems_section(draft: Drafting) -> Section:
    """Breaches, disagreements, missing papers; open findings; warnings kept with their reasons."""
    from app.book.checks import check_book

    findings = check_book(draft.book)
    sentences = [
        *_violations(draft),
        *_disagreements(draft),
        *_incomplete(draft),
        *_lacking(draft),
        *_open(findings),
    ]
    blocks: list[Block] = [*bullets(sentences)]
    kept = [finding for finding in findings if finding.kept is not None]
    if kept:
        blocks.append(_kept_table(kept))
    if not blocks:
        blocks += paragraph(Sentence("没有发现需要说明的问题。"))
    return Section("存在的问题", tuple(blocks))


def _violations(draft: Drafting) -> Iterator[Sentence]:
    for what, label in (("booked", "列账或使用科目不当"), ("violations", "有其他违规行为")):
        items = [item for table in draft.facts.tables for item in getattr(table, what)]
        if items:
            ids = tuple(item.row.id for item in items)
            amount = sum((item.row.amount for item in items), items[0].row.amount * 0)
            yield Sentence(f"{label}的资产{len(ids)}笔、{yuan(amount)}（{rows_words(ids)}）。", ids)


def _disagreements(draft: Drafting) -> Iterator[Sentence]:
    found: dict[str, list[str]] = {}
    for table in draft.facts.tables:
        for label, group in table.disagreements.items():
            found.setdefault(label, []).extend(group.rows)
    for label, ids in found.items():
        yield Sentence(f"{label}{len(ids)}笔（{rows_words(ids)}）。", tuple(ids))


def _incomplete(draft: Drafting) -> Iterator[Sentence]:
    items = [pair for table in draft.facts.tables for pair in table.incomplete]
    if items:
        ids = tuple(row.id for row, _ in items)
        notes = list(dict.fromkeys(note.rstrip("。") for _, note in items if note))
        why = f"缺少的主要是：{'；'.join(notes[:_MOST_NOTES])}" if notes else "没有写明缺何资料"
        yield Sentence(f"分类资料不齐全{len(ids)}笔（{rows_words(ids)}）。{why}。", ids)


def _lacking(draft: Drafting) -> Iterator[Sentence]:
    found: dict[str, list[str]] = {}
    for table in draft.facts.tables:
        for paper, ids in table.lacking.items():
            found.setdefault(paper, []).extend(ids)
    if not found:
        return
    rows = tuple(dict.fromkeys(row for ids in found.values() for row in ids))
    most = sorted(found.items(), key=lambda pair: -len(pair[1]))[:_MOST_NOTES]
    words = "、".join(f"{paper}{len(ids)}笔" for paper, ids in most)
    yield Sentence(f"底稿还没有附上应附资料的有{len(rows)}笔，缺得最多的是{words}。", rows)


def _open(findings: Iterable[Finding]) -> Iterator[Sentence]:
    errors = [finding for finding in findings if finding.severity == "error"]
    warnings = [f for f in findings if f.severity == "warning" and f.open]
    for found, words in ((errors, "错误没有改正"), (warnings, "提示没有处理")):
        if found:
            rows = tuple(dict.fromkeys(one.row_id for one in found if one.row_id))
            yield Sentence(f"校验中还有{len(found)}个{words}。", rows)


_KEPT_COLUMNS = (
    PaperColumn("id", "编号", (), 24),
    PaperColumn("what", "提示内容", (), 72, "long"),
    PaperColumn("why", "保留理由", (), 52, "long"),
    PaperColumn("by", "保留人", (), 18),
)


def _kept_table(kept: list[Finding]) -> ReportTable:
    shown = kept[:_MOST_KEPT]
    lines = tuple(
        (
            one.row_id or "全账套",
            one.message,
            "；".join(filter(None, (one.kept.reason, one.kept.note))) if one.kept else "",
            one.kept.by if one.kept else "",
        )
        for one in shown
    )
    caption = "保留的警告及理由"
    if len(kept) > len(shown):
        caption += f"（共{len(kept)}个，列出前{len(shown)}个，其余见校验清单）"
    rows = tuple((one.row_id,) if one.row_id else () for one in shown)
    return ReportTable(_KEPT_COLUMNS, lines, caption, rows)


# Wrong booking

_BOOKED_COLUMNS = (
    PaperColumn("id", "编号", (), 24),
    PaperColumn("name", "资产名称", (), 38),
    PaperColumn("subject", "现列科目", (), 34),
    PaperColumn("amount", "账面余额（元）", (), 28, "money"),
    PaperColumn("what", "问题", (), 28),
    PaperColumn("wrong", "涉及金额（元）", (), 28, "money"),
    PaperColumn("note", "说明", (), 44, "long"),
)


def booked_section(draft: Drafting) -> Section | None:
    """The items to be moved to another place in the books after the classification."""
    items = [item for table in draft.facts.tables for item in table.booked]
    if not items:
        return None
    draft.missing.append("调账去向和不能调整事项的专题说明：由填报单位逐项补写。")
    ids = tuple(item.row.id for item in items)
    text = f"下列{len(items)}笔资产列账或使用科目不当，分类后应调整账务"
    blocks: list[Block] = [*paragraph(Sentence(ended(text), ids))]
    shown = sorted(items, key=lambda item: -item.row.amount)[:MOST_LINES]
    lines = tuple(_booked_line(draft, item) for item in shown)
    rows = tuple((item.row.id,) for item in shown)
    caption = shortened("应调整账务的资产", len(items))
    blocks.append(ReportTable(_BOOKED_COLUMNS, lines, caption, rows))
    return Section("违规列账及应调整事项", tuple(blocks))


def _booked_line(draft: Drafting, item: BookedItem) -> tuple[str, ...]:
    subject = draft.book.chart().get(item.row.subject)
    name = f"{item.row.subject} {subject.name}" if subject else item.row.subject
    wrong = "" if item.amount is None else amount_text(item.amount)
    return (
        item.row.id, item.row.name, name, amount_text(item.row.amount), item.what, wrong, item.note,
    )  # fmt: skip


# Suggestions


def suggestions_section(draft: Drafting) -> Section:
    """What should be done, from the rules that held."""
    texts = report_texts()
    rules: dict[str, list[str]] = {}
    for table in draft.facts.tables:
        for rule, held in table.rules.items():
            rules.setdefault(rule, []).extend(held)
    sentences = []
    for one in texts.suggestion:
        mine = {rule for rule in rules if one.fits(rule)}
        ids = tuple(dict.fromkeys(row for rule in sorted(mine) for row in rules[rule]))
        if ids:
            sentences.append(Sentence(f"{ended(one.text)}涉及{len(ids)}笔。", ids))
    losses = draft.total.classes[FiveClass.LOSS]
    if losses.count:
        ids = tuple(row.id for row in draft.facts.losses)
        text = f"损失类{losses.count}笔、{yuan(losses.amount)}，分清责任后按规定申报核销，账销案存"
        sentences.append(Sentence(ended(text), ids))
    blocks: list[Paragraph] = bullets(sentences)
    return Section("意见和建议", tuple(blocks or paragraph(Sentence("继续按现行办法管理。"))))
