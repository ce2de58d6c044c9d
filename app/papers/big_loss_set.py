"""All sheets of table 2 of a period with the opinions of every stage as they stand now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.forms.classes import BY_CODE, FiveClass
from app.papers import wording
from app.papers.cells import class_text
from app.papers.from_book import BIG_LOSSES, Sealing, big_loss_sheet, paper_head
from app.papers.model import BigLossLine, BigLossPaper, BigLossSheet, PaperItem

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.loss_sheets import StandingSheet
    from app.book.said import Said
    from app.book.types import Row

FEW = 3
"""An office's sheets up to this number need no list in front."""
_WRITTEN = (("department_opinion", "department"), ("site_check", "site_check"))


def big_loss_set(book: Book, sealing: Sealing) -> BigLossPaper | None:
    """The sheets by office, table and number; None where no row needs one."""
    from app.book.loss_sheets import loss_lines, standing_sheets

    lines = loss_lines(book.store)
    if not lines:
        return None
    with_list = book.is_union or len(lines) > FEW
    listed = (
        BigLossLine(one.row_id, one.office, one.table_id, one.name, one.amount, one.loss)
        for one in lines
    )
    return BigLossPaper(
        paper_head(book, sealing, book.ruleset.table(BIG_LOSSES)),
        (_printed(book, one) for one in standing_sheets(book.store, lines)),
        len(lines),
        tuple(listed) if with_list else (),
        consolidated=book.is_union,
        answered=True,
    )


def why_no_set(book: Book) -> str:
    """Why there is nothing to write, in one line."""
    if BIG_LOSSES not in book.ruleset.tables:
        return wording.no_table_2(book.ruleset.title)
    return wording.NO_BIG_LOSS_SET


def _printed(book: Book, one: StandingSheet) -> BigLossSheet:
    made = big_loss_sheet(book, book.ruleset.table(BIG_LOSSES), one.sheet)
    return replace(made, opinions=tuple(_opinions(book, one)), office=one.line.office)


# What was said of it


def _opinions(book: Book, one: StandingSheet) -> Iterator[PaperItem]:
    """The lines of the form for opinions, and those that only the row has a place for."""
    row, said = one.sheet.row, one.said
    labels = {key: field.label for key, field in book.ruleset.table(row.table_id).fields.items()}
    labels |= {k: field.label for k, field in book.ruleset.table(BIG_LOSSES).fields.items()}

    def item(key: str, text: str) -> PaperItem:
        return PaperItem(labels.get(key, key), text)

    yield item("initial_class", _initial(row))
    if one.below:
        yield PaperItem(wording.FROM_BELOW, _from_below(one.below))
    yield item("review_class", _reviewed(row, said.get("review")))
    for key, stage in _WRITTEN:
        if row.values.get(key):
            yield item(key, _signed([str(row.values[key])], said.get(stage)))
    audit = row.values.get("audit_opinion")
    yield item("audit_opinion", _signed([str(audit)], said.get("audit")) if audit else "")
    yield item("determined_class", _determined(row, said.get("determination")))


def _initial(row: Row) -> str:
    five = _class_of(row, "initial_class")
    if five is None:
        return ""
    words = [class_text(five), _loss(row, row.expected_loss), _reason(row, "initial_reason")]
    return _joined(words) + (f"（{row.prepared_by}）" if row.prepared_by else "")


def _reviewed(row: Row, said: Said | None) -> str:
    five = _class_of(row, "review_class")
    if five is None:
        return ""
    words = (class_text(five), _loss(row, row.review_loss), _reason(row, "review_reason"))
    return _signed(words, said)


def _determined(row: Row, said: Said | None) -> str:
    five = _class_of(row, "determined_class")
    referred = row.stage == "referred" and said is not None
    if five is None and not referred:
        return ""
    if five is None and said is not None:
        words = [f"{wording.REFERRED} {class_text(said.class_)}"]
    else:
        words = [class_text(five), _loss(row, row.determined_loss)]
    words.append(_reason(row, "determined_reason"))
    if said is not None:
        words += [said.text, *_deliberated(said.vote, said.minutes)]
    return _signed(words, said)


def _deliberated(vote: str, minutes: str) -> Iterator[str]:
    if vote:
        yield wording.labelled(wording.VOTE, vote)
    if minutes:
        yield wording.labelled(wording.MINUTES, minutes)


def _from_below(below: Mapping[str, Any]) -> str:
    """What the union that sent the row up wants it to be, and what led to that."""
    fields = below["fields"]
    words = [f"{wording.REFERRED} {class_text(BY_CODE[below['class']])}"]
    words += [str(fields[key]) for key in ("review_reason", "audit_opinion") if fields.get(key)]
    last = [one for one in below["opinions"] if one["stage"] == "determination"][-1:]
    for one in last:
        words += [one["reason"], *_deliberated(one["vote"], "")]
    return _joined(words)


def _class_of(row: Row, key: str) -> FiveClass | None:
    return BY_CODE.get(str(row.values.get(key) or ""))


def _reason(row: Row, key: str) -> str:
    text = row.values.get(key)
    return wording.labelled(wording.REASON, str(text)) if text else ""


def _loss(row: Row, loss: Decimal | None) -> str:
    """The loss of a stage, where the stages do not all say the same."""
    said = {row.expected_loss, row.review_loss, row.determined_loss} - {None}
    if loss is None or said == {loss}:
        return ""
    return f"{wording.WP_LOSS} {wording.amount_with_unit(loss)}"


def _signed(words: Iterable[str], said: Said | None) -> str:
    who = f"（{said.by}，{wording.date_words(said.on)}）" if said is not None else ""
    return _joined(words) + who


def _joined(words: Iterable[str]) -> str:
    return "；".join(word.rstrip("。") for word in words if word)
