"""Values of a row as papers print them: columns, cells, labelled fields, agreements."""

from __future__ import annotations

from collections.abc import Mapping

from app.book.opinions import OPINIONS
from app.forms.classes import FiveClass
from app.forms.evaluation import Evaluation
from app.forms.explain import filled_text
from app.forms.schema import Column, FieldDef, Subject
from app.forms.table import Table
from app.forms.values import Typed, shown_text
from app.papers import wording
from app.papers.model import Agreement, PaperColumn, PaperItem, PaperRow, PaperSection

_MADE_BY_PROGRAM = frozenset(("id", "seq"))
_SHOWN_ELSEWHERE = frozenset(("id", "seq"))
_ANY, _NOTHING = "*", "[]"


def paper_columns(table: Table) -> tuple[PaperColumn, ...]:
    """The printed columns of a table."""
    totals, fields = set(table.definition.totals), table.fields
    return tuple(_paper_column(column, fields[column.field], totals) for column in table.columns)


def _paper_column(column: Column, field: FieldDef, totals: set[str]) -> PaperColumn:
    made = field.key in _MADE_BY_PROGRAM
    return PaperColumn(
        key=field.key,
        title=column.title,
        group=column.group,
        width=column.width,
        kind=field.type,
        total=field.key in totals,
        choices=_offered_words(column, field),
        formula="" if made else field.computed,
    )


def _offered_words(column: Column, field: FieldDef) -> tuple[str, ...]:
    if field.type == "class5":
        return tuple(member.label for member in FiveClass)
    codes: list[Typed] = []
    if field.type == "bool":
        codes = [True, False]
    elif field.type == "one":
        codes = [choice.code for choice in field.choices]
    return tuple(dict.fromkeys(cell_text(column, field, code) for code in codes))


def cell_text(column: Column, field: FieldDef, typed: Typed | None) -> str:
    """What a column prints for a value: its own words where it has some, else the shown text."""
    if typed is None:
        return ""
    word: str | None = column.texts.get(_code(typed))
    if word is None and typed != ():
        word = column.texts.get(_ANY)
    if word is None:
        word = shown_text(field, typed)
    return word


def _code(typed: Typed) -> str:
    if isinstance(typed, bool):
        return "true" if typed else "false"
    if isinstance(typed, FiveClass):
        return str(typed.value)
    return _NOTHING if typed == () else str(typed)


def paper_row(evaluation: Evaluation, made: Mapping[str, Typed]) -> PaperRow:
    """One row of the determination table; ``made`` holds what the program numbers itself."""
    table = evaluation.table
    names: dict[str, Typed] = {**evaluation.typed, **made}
    texts: list[str] = []
    values: list[Typed | None] = []
    for column in table.columns:
        field = table.fields[column.field]
        typed = names.get(field.key) if field.key in evaluation.asked else None
        text = cell_text(column, field, typed) or draft_text(evaluation, field)
        if field.type == "code" and typed is not None:
            text = subject_text(evaluation, str(typed))
        if field.key == "remarks" and evaluation.standard:
            text = wording.by_standard_rate(text)
        texts.append(text)
        values.append(typed if text == shown_text(field, typed) else None)
    return PaperRow(tuple(texts), tuple(values), names)


def subject_text(evaluation: Evaluation, code: str) -> str:
    """A subject's code and name."""
    chart = evaluation.context.chart
    known = (evaluation.table.ruleset.chart if chart is None else chart).get(code)
    return f"{code} {known.name}" if isinstance(known, Subject) else code


def field_text(evaluation: Evaluation, key: str) -> str:
    """A field's value as a working paper prints it: money with its unit, subjects with names."""
    field, typed = evaluation.table.fields[key], evaluation.typed.get(key)
    if typed is None:
        return draft_text(evaluation, field)
    if field.type == "code":
        return subject_text(evaluation, str(typed))
    if field.type == "class5" and isinstance(typed, FiveClass):
        return class_text(typed)
    text = _own_words(evaluation.table, field, typed) or shown_text(field, typed)
    unit = "元" if field.type == "money" else field.unit
    return f"{text} {unit}" if unit else text


def _own_words(table: Table, field: FieldDef, typed: Typed) -> str:
    """有 and 无 instead of 是 and 否, where the table's column says so."""
    if field.type != "bool":
        return ""
    column = next((column for column in table.columns if column.field == field.key), None)
    return cell_text(column, field, typed) if column else ""


def draft_text(evaluation: Evaluation, field: FieldDef) -> str:
    """The text that stands for an empty answer; nothing for fields without one."""
    if not field.draft or field.part != "row" or field.key not in evaluation.asked:
        return ""
    return filled_text(field.draft, evaluation, {}) if field.key not in evaluation.typed else ""


def class_text(five_class: FiveClass | None) -> str:
    """A class with its sign: ④ 可疑."""
    return f"{five_class.sign} {five_class.label}" if five_class else ""


def result_text(evaluation: Evaluation) -> str:
    """The latest class that someone gave, else the suggestion."""
    for key in reversed(OPINIONS):
        text = field_text(evaluation, key) if key in evaluation.table.fields else ""
        if text:
            return text
    return class_text(evaluation.suggested)


def paper_sections(evaluation: Evaluation) -> tuple[PaperSection, ...]:
    """Every question of the row that is asked and answered, section by section.

    A required one without answer is printed as such; optional ones left empty are not printed.
    """
    sections = []
    for section in evaluation.table.sections:
        items = tuple(
            item for key in section.fields if (item := _section_item(evaluation, key)) is not None
        )
        if items:
            sections.append(PaperSection(section.title, items))
    return tuple(sections)


def _section_item(evaluation: Evaluation, key: str) -> PaperItem | None:
    field, state = evaluation.table.fields[key], evaluation.states[key]
    if field.part != "row" or key in _SHOWN_ELSEWHERE or state == "not_asked":
        return None
    text = field_text(evaluation, key)
    if not text and state in ("unanswered", "invalid"):
        text = wording.NOT_ANSWERED
    return PaperItem(field.label, text, wide=field.type == "long") if text else None


def paper_opinions(evaluation: Evaluation) -> tuple[PaperItem, ...]:
    """The opinions given so far; the preparer's always has its line."""
    items = []
    for field in evaluation.table.fields.values():
        if field.part not in ("opinion", "union"):
            continue
        text = field_text(evaluation, field.key)
        if text or field.key == "initial_class":
            items.append(PaperItem(field.label, text, wide=True))
    return tuple(items)


def paper_agreements(evaluation: Evaluation) -> tuple[Agreement, ...]:
    """The six agreements as the accuracy question was answered; none where it is not asked."""
    field = evaluation.table.fields.get("accuracy")
    if field is None or "accuracy" not in evaluation.asked:
        return ()
    answer = evaluation.typed.get("accuracy")
    return tuple(
        Agreement(
            choice.label.removesuffix(wording.WP_DIFFERS) + wording.WP_AGREES,
            choice.code not in answer if isinstance(answer, tuple) else None,
        )
        for choice in field.choices
    )
