"""A line of a package as a row of the union's book: evaluated again, hashed, weighed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from itertools import chain
from typing import TYPE_CHECKING, Any

from msgspec import Raw

from app.book.big_losses import TABLE as BIG_LOSSES
from app.book.coding import maybe_yuan, moment_text, to_fen, to_json, to_moment
from app.book.derive import columns_of, context_of, judged
from app.book.finding_ids import finding_id, fingerprint
from app.book.reading import to_class
from app.forms.classes import BY_CODE
from app.forms.evaluation import Context, Evaluation
from app.forms.values import half_up
from app.package.content import canonical
from app.union.authority import beyond_authority
from app.union.errors import NOT_TAKEN, RefusedError
from app.union.layers import BELOW, STAGES, merged_layer

if TYPE_CHECKING:
    from app.book.store import Store
    from app.forms.ruleset import RuleSet
    from app.forms.table import Table

Json = Any
Line = Mapping[str, Json]
LARGEST_FEN = 1 << 62
LONGEST_JSON = 1 << 20
SHORT = LONGEST_JSON // 8
"""Lines up to this length have no column that is too long: the search text holds a name thrice."""
_FIGURES = ("seq", "carrying_amount", "expected_loss", "worth")
YEAR = 365
NEAR = Fraction(30, 100)
"""Loss rates further than this from a cut are not close to it."""
HASHED = ("table", "values", "kept", "attachments", "big_loss", "last_class", "answers", "union")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A line of a package, ready to be stored."""

    line: Line
    columns: dict[str, Any]
    kept: list[dict[str, Any]]
    """Lines of the kept warnings."""
    difference: dict[str, Json] | None
    """Class or loss that came out otherwise than the package says."""

    @property
    def id(self) -> str:
        """The row's id."""
        return str(self.line["id"])


def office_values(table: Table, line: Line) -> dict[str, Json]:
    """What the office itself said; what only the union may fill in is left out."""
    values: dict[str, Json] = line["values"]
    own = _office_fields(table)
    if own.issuperset(values):
        return values
    return {key: value for key, value in values.items() if key in own}


@lru_cache(maxsize=64)
def _office_fields(table: Table) -> frozenset[str]:
    """The fields that an office may fill in."""
    return frozenset(key for key, field in table.fields.items() if field.part != "union")


@lru_cache(maxsize=64)
def _ids_of(offices: tuple[str, ...]) -> re.Pattern[str]:
    """What the ids of these offices' rows look like."""
    return re.compile(rf"(?:{'|'.join(map(re.escape, offices))})-\d{{1,12}}")


def table_in(store: Store, line: Line, institution: str, offices: Sequence[str] = ()) -> Table:
    """The table of a line; RefusedError for a line that is none of this office's.

    `offices`: those whose rows a union passes on, as its manifest says.
    """
    if not _ids_of(tuple(offices) or (institution,)).fullmatch(line["id"]):
        shown = "".join(c if c.isprintable() else "□" for c in line["id"][:40])
        raise RefusedError(f"文件包里有不属于{institution}的资产编号“{shown}”，{NOT_TAKEN}")
    table = store.ruleset.tables.get(line["table"])
    if table is None or "-" not in table.id:
        raise RefusedError(f"资产{line['id']}的附表“{line['table'][:10]}”不在规则集里，{NOT_TAKEN}")
    return table


def content_hash(table: Table, line: Line, values: Json = None) -> str:
    """The hash of what the office said of a row: unchanged, its opinions stay.

    `values` are the line's `office_values`, or their JSON, where the caller has them already.
    """
    said = {key: line[key] for key in HASHED if line.get(key)}
    if line.get("big_loss"):
        said["big_loss"] = _own_sheet(table, line["big_loss"])
    said["values"] = office_values(table, line) if values is None else values
    return sha256(canonical(said)).hexdigest()


def _own_sheet(table: Table, sheet: Mapping[str, Json]) -> dict[str, Json]:
    """What the clerk wrote on a sheet of table 2; the rest comes from the row and the opinions."""
    definition = table.ruleset.tables.get(BIG_LOSSES)
    fields = definition.fields if definition else {}
    return {k: v for k, v in sheet.items() if k not in fields or not fields[k].computed}


def incoming(store: Store, institution: str, line: Line, offices: Sequence[str] = ()) -> Incoming:
    """Evaluates a line again and makes the columns of its row."""
    table = table_in(store, line, institution, offices)
    values = office_values(table, line)
    papers = frozenset(item["paper"] for item in line["attachments"] if item["paper"])
    last = to_class(line["last_class"])
    context = context_of(store, last_class=last, papers=papers)
    evaluation = judged(table, values, context)
    kept = _kept_lines(store, line, evaluation)
    known = {one["finding_id"]: one["fingerprint"] for one in kept}
    columns = columns_of(store, evaluation, line["id"], kept=known)
    columns |= _own_columns(store, table, institution, line, values)
    columns |= _layers_from_below(table, line, values, context)
    if offices:
        _need_beyond(store, line, columns["carrying_amount"])
    columns["worth"] = worth_of(evaluation, columns["carrying_amount"] or 0, len(kept))
    _need_fitting(columns, line["id"])
    _need_characters(columns["sent"], line)
    loss = maybe_yuan(columns["expected_loss"])
    difference = _difference(line, columns["suggested"], None if loss is None else f"{loss:.2f}")
    return Incoming(line, columns, kept, difference)


def _own_columns(
    store: Store, table: Table, institution: str, line: Line, values: Mapping[str, Json]
) -> dict[str, Any]:
    try:
        confirmed = _moment(line["confirmed_at"]) if line["confirmed_at"] else None
    except ValueError:
        raise RefusedError(f"资产{line['id']}的会计确认时间读不出来，{NOT_TAKEN}") from None
    # Written into JSON once: what was sent and what is hashed take the text in as it is.
    field_values = Raw(canonical(values))
    written = {**line, "values": field_values} if values is line["values"] else {**line}
    if line["attachments"]:
        written["attachments"] = Raw(canonical(line["attachments"]))
    return {
        "period_id": store.period.id,
        "id": line["id"],
        "table_id": table.id,
        "seq": line["seq"],
        "field_values": bytes(field_values).decode(),
        "printed": to_json(line["printed"]),
        "provenance": _all_from(institution, tuple(values)),
        "import_id": None,
        "prepared_by": line["prepared_by"],
        "confirmed_by": line["confirmed_by"],
        "confirmed_at": confirmed,
        "last_class": line["last_class"],
        "institution": institution,
        "sent": canonical(written).decode(),
        "content_hash": content_hash(table, written, field_values),
    }


@lru_cache(maxsize=1024)
def _moment(text: str) -> str:
    """A moment as stored; offices confirm many rows at once."""
    return moment_text(to_moment(text))


@lru_cache(maxsize=1024)
def _all_from(institution: str, fields: tuple[str, ...]) -> str:
    """The provenance of values that all came from an office."""
    return to_json(dict.fromkeys(fields, institution))


def _layers_from_below(
    table: Table, line: Line, values: Mapping[str, Json], context: Context
) -> dict[str, Any]:
    """What the union below had set otherwise than its office, as the lowest layer here."""
    union = line.get("union") or {}
    _need_moments(line["id"], union)
    below = merged_layer(union.get("layers", {}), *STAGES)
    if below is None:
        return {"layers": "", "layer_class": None}
    set_ = {key: value for key, value in below["values"].items() if key in table.fields}
    suggested = judged(table, {**values, **set_}, context).suggested
    return {
        "layers": to_json({BELOW: {**below, "values": set_}}),
        "layer_class": suggested.value if suggested else None,
    }


def _need_moments(row_id: str, union: Mapping[str, Json]) -> None:
    try:
        for one in union.get("opinions", ()):
            to_moment(one["at"])
    except ValueError:
        raise RefusedError(f"资产{row_id}的联社意见的时间读不出来，{NOT_TAKEN}") from None


def _need_beyond(store: Store, line: Line, carrying: int | None) -> None:
    """A union passes on only what its own authority does not cover."""
    class_ = BY_CODE[line["union"]["class"]]
    if beyond_authority(store.ruleset, class_, maybe_yuan(carrying)) is None:
        raise RefusedError(
            f"资产{line['id']}拟认定为{class_.label}，在下级联社的认定权限以内，"
            f"不应报上级，{NOT_TAKEN}"
        )


def _need_fitting(columns: Mapping[str, Any], row_id: str) -> None:
    """Refuses figures that no store takes; no honest office writes them."""
    for name in _FIGURES:
        value = columns[name]
        if value is not None and not -LARGEST_FEN <= value <= LARGEST_FEN:
            raise RefusedError(f"资产{row_id}里有大得不可能的数，{NOT_TAKEN}")
    if len(columns["sent"]) <= SHORT and len(columns["provenance"]) <= LONGEST_JSON:
        return  # what follows from a short line is short
    for name, value in columns.items():
        if value.__class__ is str and len(value) > LONGEST_JSON and name != "sent":
            raise RefusedError(f"资产{row_id}的内容长得不可能，{NOT_TAKEN}")


def _need_characters(sent: str, line: Line) -> None:
    """Refuses the one character that a database has no place for; no honest office types it."""
    if "\\u0000" in sent and any("\0" in text for text in _texts(line)):
        raise RefusedError(f"资产{line['id']}的内容里有空字符，{NOT_TAKEN}")


def _texts(value: Json) -> Iterator[str]:
    """All texts in a value, names of fields too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from value
        yield from chain.from_iterable(map(_texts, value.values()))
    elif isinstance(value, list):
        yield from chain.from_iterable(map(_texts, value))


def _kept_lines(store: Store, line: Line, evaluation: Evaluation) -> list[dict[str, Any]]:
    """The office's kept warnings, each tied to the values it is found on here."""
    if not line["kept"]:
        return []
    found = {(p.code, p.field): p for p in evaluation.problems}
    kept: dict[str, dict[str, Any]] = {}
    for one in line["kept"]:
        problem = found.get((one["code"], one["field"]))
        values = problem.values if problem else ()
        name = finding_id(one["code"], line["id"], one["field"])
        kept[name] = {
            "period_id": store.period.id,
            "finding_id": name,
            "row_id": line["id"],
            "field": one["field"],
            "code": one["code"],
            "fingerprint": fingerprint(one["code"], line["id"], one["field"], values),
            "reason": one["reason"],
            "note": one["note"],
            "by": one["by"],
        }
    return list(kept.values())


def stated_difference(
    line: Line, class_: str | None, loss: Decimal | None
) -> dict[str, Json] | None:
    """What the package says of class and loss and what comes out here, where they differ."""
    return _difference(line, class_, f"{half_up(loss, 2):.2f}" if loss is not None else None)


def _difference(line: Line, class_: str | None, own: str | None) -> dict[str, Json] | None:
    if (line["class"], line["expected_loss"]) == (class_, own):
        return None
    return {
        "kind": "difference",
        "id": line["id"],
        "sent_class": line["class"],
        "class": class_,
        "sent_loss": line["expected_loss"],
        "loss": own,
    }


def worth_of(evaluation: Evaluation, carrying: int, kept: int) -> int:
    """How much a reviewer's look is worth: amount × closeness to a step × kept × missing papers."""
    missing = sum(need.present is False for need in evaluation.evidence)
    return abs(carrying) * _closeness(evaluation) * (1 + kept) * (1 + missing) // 100


def _closeness(evaluation: Evaluation) -> int:
    """100 far from every step, 200 right before one."""
    nearest = Fraction(1)
    rate = evaluation.loss_rate
    if rate is not None and evaluation.outcome.banded:
        cut = next((cut for cut in _cuts(evaluation.table.ruleset) if cut >= rate), None)
        if cut is not None:
            nearest = min(nearest, (cut - rate) / NEAR)
    days = [one.days for one in evaluation.distance if one.days is not None]
    if days:
        nearest = min(nearest, Fraction(min(days), YEAR))
    return 100 + int((1 - nearest) * 100)


@lru_cache(maxsize=16)
def _cuts(ruleset: RuleSet) -> tuple[Fraction, ...]:
    """Loss rates that another class begins at, the lowest first."""
    # A rate of nothing is no step that is near: every sound row stands there.
    return tuple(sorted(Fraction(band.above) for band in ruleset.bands if band.above > 0))


def fen_of(amount: str | None) -> int:
    """Whole fen of an amount in a package; nothing counts as 0."""
    return to_fen(Decimal(amount)) if amount else 0
