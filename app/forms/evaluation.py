"""Evaluation of one row to class, reasons and problems: the only place a class comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

from app.forms.classes import BY_CODE, BY_RANK, FiveClass
from app.forms.conditions import Values
from app.forms.errors import ValueFault
from app.forms.expressions import Battery
from app.forms.reported_date import ReportedDate
from app.forms.ruleset import CutPoint
from app.forms.schema import Subject
from app.forms.table import CompiledCheck, CompiledRule, Step, Table
from app.forms.values import Json, Typed, half_up, is_empty, parse_value

FieldState = Literal["answered", "unanswered", "invalid", "empty", "not_asked", "computed"]
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Context:
    """What a row is judged against besides its own values."""

    base_date: date
    chart: Mapping[str, Subject] | None = None
    """Subjects known to the book; None: the rule set's."""
    last_class: FiveClass | None = None
    today: date | None = None
    papers: frozenset[str] | None = None
    """Names of the papers attached; None: unknown."""
    complete: bool = False
    """Whether working paper and initial opinion are required too."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem found, before its text is made."""

    field: str
    code: str
    value: Json = None
    expected: Json = ""


class OpenValueError(Exception):
    """A computed value depends on an open field."""


class _CarefulValues(dict[str, Any]):
    """Values that refuse to be read where a field is open."""

    def __init__(self, values: Values, open_fields: set[str]) -> None:
        super().__init__(values)
        self.open_fields = open_fields

    def __getitem__(self, key: str) -> Any:
        if key in self.open_fields:
            raise OpenValueError(key)
        return super().__getitem__(key)


class Row:
    """The values of a row as the rules see them, read field by field."""

    __slots__ = (
        "context",
        "faults",
        "ignored",
        "missing",
        "not_asked",
        "open",
        "raw",
        "table",
        "values",
    )

    def __init__(self, table: Table, raw: Mapping[str, Json], context: Context) -> None:
        self.table = table
        self.raw = raw
        self.context = context
        self.open: set[str] = set()
        self.missing: list[str] = []
        self.not_asked: set[str] = set()
        self.ignored: list[str] = []
        self.faults: list[Fault] = []
        self.values: dict[str, Any] = table.blank.copy()
        self.values["base_date"] = context.base_date
        self.values["today"] = context.today
        if context.last_class is not None:
            self.values["last_class"] = context.last_class.value
        self._read(table.steps)
        if context.complete or not table.extra_keys.isdisjoint(raw):
            self._read(table.extra_steps)

    def _read(self, steps: tuple[Step, ...]) -> None:
        # The hot loop of every evaluation: one pass, no calls where none are needed.
        values, raws, open_fields = self.values, self.raw, self.open
        for step in steps:
            key = step.key
            asked = step.asked
            if asked is not None and not (
                asked.judge(values, open_fields) if open_fields else asked.holds(values)
            ):
                self._skip(step)
                continue
            if step.computed is not None:
                self._compute(step)
                continue
            raw = raws.get(key)
            if raw is None or raw == "" or (type(raw) is str and raw.isspace()):
                if not step.plain_optional:
                    self._empty(step)
                continue
            try:
                values[key] = step.parse(raw)
            except ValueFault as fault:
                self._invalid(step, raw, fault)
                continue
            if step.minimum is not None:
                self._raise_to_minimum(step, raw)

    def _skip(self, step: Step) -> None:
        key = step.key
        self.not_asked.add(key)
        if self.open and step.asked and step.asked.judge(self.values, self.open) is None:
            self.open.add(key)
        if step.computed is None and not is_empty(self.raw.get(key)):
            self.ignored.append(key)

    def value_of(self, formula: Any) -> Any:
        """The value of a formula; OpenValueError when it depends on an open field."""
        if self.open and not self.open.isdisjoint(formula.reads):
            return formula.value(_CarefulValues(self.values, self.open))
        return formula.value(self.values)

    def _compute(self, step: Step) -> None:
        try:
            self.values[step.key] = self.value_of(step.computed)
        except OpenValueError:
            self.open.add(step.key)

    def _empty(self, step: Step) -> None:
        key = step.key
        if step.default is not None or step.minimum is not None:
            self._take_default(step)
        if step.required and self.values[key] is None and key not in self.open:
            self.open.add(key)
            if step.field.part == "row" or self.context.complete:
                self.missing.append(key)

    def _take_default(self, step: Step) -> None:
        for formula in (step.default, step.minimum):
            if formula is None or self.values[step.key] is not None:
                continue
            try:
                value = self.value_of(formula)
            except OpenValueError:
                self.open.add(step.key)
                return
            is_amount = type(value) is int and step.field.type == "money"
            self.values[step.key] = Decimal(value) if is_amount else value

    def _invalid(self, step: Step, raw: Json, fault: ValueFault) -> None:
        self.open.add(step.key)
        self.faults.append(Fault(step.key, fault.code, raw, fault.expected))

    def _raise_to_minimum(self, step: Step, raw: Json) -> None:
        try:
            minimum = self.value_of(step.minimum)
        except OpenValueError:
            # What is typed counts as far as it goes; the figure could still be higher.
            self.open.add(step.key)
            return
        if minimum is not None and self.values[step.key] < minimum:
            self.faults.append(Fault(step.key, "E007", raw, minimum))
            self.values[step.key] = minimum


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules give: the class, or the worst that is certain, and every step that held."""

    suggested: FiveClass | None
    at_least: FiveClass
    base: FiveClass
    """The base class of the decided rules, before steps 3 and 4."""
    held: tuple[CompiledRule, ...]
    band: CutPoint | None
    banded: bool
    """Whether the loss band took part."""


def _judged(
    rules: tuple[CompiledRule, ...], battery: Battery, row: Row
) -> tuple[list[CompiledRule], list[CompiledRule]]:
    """The rules that hold and those that are open."""
    verdicts = battery.judge(row.values, row.open)
    held = [rule for rule, verdict in zip(rules, verdicts, strict=True) if verdict]
    if not row.open:
        return held, []
    return held, [rule for rule, verdict in zip(rules, verdicts, strict=True) if verdict is None]


def _floor_rank(compiled: CompiledRule, row: Row) -> int:
    """The rank a floor demands; one read from an open field may be any, so the worst."""
    if compiled.floor is not None:
        return compiled.floor.rank
    value = row.values.get(compiled.rule.class_field)
    if value is None:
        return 5 if compiled.rule.class_field in row.open else 1
    return BY_CODE[value].rank


def band_of(row: Row) -> tuple[CutPoint | None, bool]:
    """The band of the loss rate, and whether the rate is open."""
    values = row.values
    loss, carrying = values.get("expected_loss"), values.get("carrying_amount")
    is_open = "expected_loss" in row.open or "carrying_amount" in row.open
    if loss is None or not carrying:
        return None, is_open
    for band in row.table.ruleset.bands:
        if band.reached(loss, carrying):
            return band, is_open
    return None, is_open


def classify(row: Row, *, with_band: bool = True) -> Outcome:
    """Direct rules, else the worst of band and floors; then the lifts, then one class worse."""
    table = row.table
    ranges: list[tuple[int, int]] = []
    direct: CompiledRule | None = None
    for rule in table.direct:
        verdict = rule.condition.judge(row.values, row.open)
        if verdict is not False and rule.floor is not None:
            ranges.append((rule.floor.rank, rule.floor.rank))
        if verdict:
            direct = rule
            break
    held, open_floors = _judged(table.floors, table.floor_battery, row)
    band, band_open = band_of(row) if with_band else (None, False)
    if direct is None:
        low = max([1, *(_floor_rank(rule, row) for rule in held)])
        low = max(low, band.floor.rank) if band else low
        high = max([low, *(_floor_rank(rule, row) for rule in open_floors)])
        ranges.append((low, 5 if band_open else high))
        base = BY_RANK[low]
    else:
        base = direct.floor or FiveClass.NORMAL
        held, band = [direct], None
    return _with_steps(row, ranges, base, held, band, with_band and direct is None)


def _with_steps(
    row: Row,
    ranges: list[tuple[int, int]],
    base: FiveClass,
    held: list[CompiledRule],
    band: CutPoint | None,
    banded: bool,
) -> Outcome:
    """Steps 3 and 4 over every base class that is still possible."""
    table = row.table
    rules = (*table.lifts, *table.worsening)
    steps, open_steps = _judged(rules, table.step_battery, row)

    def stepped(rank: int, steps: list[CompiledRule]) -> int:
        worse = 0
        for step in steps:
            if step.rule.effect == "worsen":
                worse = 1
            else:
                rank = max(rank, _floor_rank(step, row))
        return min(rank + worse, 5)

    at_least = stepped(base.rank, steps)
    lowest = min(stepped(low, steps) for low, _ in ranges)
    highest = max(stepped(high, steps + open_steps) for _, high in ranges)
    suggested = BY_RANK[lowest] if lowest == highest else None
    return Outcome(suggested, BY_RANK[at_least], base, (*held, *steps), band, banded)


class Evaluation:
    """What a row's values mean: class and loss; reasons and problems in words when asked for."""

    def __init__(self, table: Table, raw: Mapping[str, Json], context: Context) -> None:
        self.table = table
        self.context = context
        self.row = Row(table, raw, context)
        values = self.row.values
        self.standard = values.get("loss_basis") == "standard"
        if self.standard:
            self._set_aside_estimate()
        self.outcome = classify(self.row, with_band=not self.standard)
        if self.standard:
            self._take_standard_loss()
        self.suggested = self.outcome.suggested
        self.at_least = self.outcome.at_least
        self.expected_loss: Decimal | None = values.get("expected_loss")
        values["suggested_class"] = self.suggested.value if self.suggested else None
        self._require_afterwards()
        verdicts = table.check_battery.judge(values, self.row.open)
        self.failed_checks: list[CompiledCheck] = [
            check for check, verdict in zip(table.compiled_checks, verdicts, strict=True) if verdict
        ]
        self.faults: tuple[Fault, ...] = (*self.row.faults, *self._last_faults())

    def _set_aside_estimate(self) -> None:
        row = self.row
        row.values["expected_loss"] = None
        row.open.discard("expected_loss")
        row.missing = [key for key in row.missing if key != "expected_loss"]
        row.faults = [fault for fault in row.faults if fault.field != "expected_loss"]
        if not is_empty(row.raw.get("expected_loss")):
            row.ignored.append("expected_loss")

    def _take_standard_loss(self) -> None:
        values, suggested = self.row.values, self.outcome.suggested
        carrying = values.get("carrying_amount")
        if suggested is None or carrying is None:
            return
        loss = half_up(carrying * self.table.ruleset.standard_rates[suggested], 2)
        left = self.most_left()
        values["expected_loss"] = loss if left is None else min(loss, max(left, ZERO))

    def most_left(self) -> Decimal | None:
        """The most that can still be lost, None where it is open."""
        try:
            left: Decimal | None = self.row.value_of(self.table.left)
        except OpenValueError:
            return None
        return left

    def _require_afterwards(self) -> None:
        row = self.row
        for key, condition in self.table.required_when.items():
            wanted = key not in row.not_asked and row.values.get(key) in (None, "")
            if wanted and key not in row.open and condition.judge(row.values, row.open):
                row.missing.append(key)

    def _last_faults(self) -> list[Fault]:
        """Problems that need the whole row: loss above what is left, subject, opinions."""
        values = self.row.values
        found: list[Fault] = []
        loss, left = self.expected_loss, self.most_left()
        if loss is not None and left is not None and loss > max(left, ZERO):
            found.append(Fault("expected_loss", "E014", loss, max(left, ZERO)))
        direct = self.outcome.held and self.outcome.held[0].rule.effect == "direct"
        if direct and self.outcome.base is FiveClass.NORMAL and loss and not found:
            found.append(Fault("expected_loss", "W007", loss))
        found += self._subject_faults(values.get("subject"))
        found += self._band_against_floors(loss)
        found += self._opinion_faults(values.get("initial_class"))
        return found

    def _subject_faults(self, subject: str | None) -> list[Fault]:
        if subject is None:
            return []
        chart = self.context.chart if self.context.chart is not None else self.table.ruleset.chart
        known = chart.get(subject)
        if known is None:
            return [Fault("subject", "E009", subject)]
        if known.table != self.table.id:
            return [Fault("subject", "W001", f"{subject} {known.name}", known.table)]
        return []

    def _band_against_floors(self, loss: Decimal | None) -> list[Fault]:
        """An estimate whose band is better than the class that the floors give (W003)."""
        if loss is None or not self.outcome.banded or "loss_basis" not in self.table.fields:
            return []
        band = self.outcome.band
        rank = band.floor.rank if band else 1
        if rank >= self.outcome.base.rank or self.outcome.base.rank < FiveClass.SUBSTANDARD.rank:
            return []
        return [Fault("expected_loss", "W003", self.loss_rate, self.outcome.base)]

    def _opinion_faults(self, opinion: str | None) -> list[Fault]:
        if opinion is None or self.suggested is None:
            return []
        given = BY_CODE[opinion]
        if given.rank < self.suggested.rank:
            return [Fault("initial_class", "E011", given, self.suggested)]
        reason = self.row.values.get("initial_reason")
        if given.rank > self.suggested.rank and not reason:
            return [Fault("initial_reason", "E012", given, self.suggested)]
        return []

    @property
    def loss_rate(self) -> Fraction | None:
        """Expected loss ÷ carrying amount, exact; 0 when the carrying amount is 0."""
        carrying = self.row.values.get("carrying_amount")
        if self.expected_loss is None or carrying is None:
            return None
        return Fraction(self.expected_loss) / Fraction(carrying) if carrying else Fraction(0)

    @property
    def error_count(self) -> int:
        """How many problems block sealing."""
        codes = [fault.code for fault in self.faults] + [c.check.code for c in self.failed_checks]
        return len(self.row.missing) + sum(code.startswith("E") for code in codes)

    @property
    def warning_count(self) -> int:
        """How many problems can be kept with a reason."""
        codes = [fault.code for fault in self.faults] + [c.check.code for c in self.failed_checks]
        return sum(code.startswith("W") for code in codes)

    @property
    def ignored(self) -> tuple[str, ...]:
        """Fields that were given a value although they aren't asked."""
        return tuple(self.row.ignored)

    @cached_property
    def typed(self) -> dict[str, Typed]:
        """Every value that counts, by field: answered, defaulted, computed."""
        return {key: value for key in self.table.fields if (value := self._typed(key)) is not None}

    def _typed(self, key: str) -> Typed | None:
        if key == "loss_rate":
            return self.loss_rate
        late = self._late.get(key)
        value = late if late is not None else self.row.values.get(key)
        if value is None:
            return None
        field = self.table.fields[key]
        if isinstance(value, date):
            given = self.row.raw.get(key)
            parsed = None if is_empty(given) or field.computed else parse_value(field, given)
            return parsed if isinstance(parsed, ReportedDate) else ReportedDate(value)
        if field.type == "class5":
            return BY_CODE[value]
        return value  # type: ignore[no-any-return]

    @cached_property
    def _late(self) -> dict[str, Any]:
        """Computed values that no rule reads, made only when somebody looks."""
        found: dict[str, Any] = {}
        extra = () if self._extras_read else self.table.extra_steps
        for step in (*self.table.late_steps, *extra):
            asked = step.asked is None or step.asked.judge(self.row.values, self.row.open) is True
            if not asked:
                self.row.not_asked.add(step.key)
            elif step.computed is not None and step.key != "loss_rate":
                try:
                    found[step.key] = self.row.value_of(step.computed)
                except OpenValueError:
                    self.row.open.add(step.key)
        return found

    @property
    def _extras_read(self) -> bool:
        return self.context.complete or not self.table.extra_keys.isdisjoint(self.row.raw)

    @cached_property
    def asked(self) -> frozenset[str]:
        """The fields asked now."""
        _ = self._late
        return frozenset(self.table.fields) - self.row.not_asked

    @cached_property
    def states(self) -> dict[str, FieldState]:
        """The state of every field."""
        return {key: self._state(key) for key in self.table.fields}

    def _state(self, key: str) -> FieldState:
        if key not in self.asked:
            return "not_asked"
        if self.table.fields[key].computed:
            return "computed"
        if key in self.row.missing:
            return "unanswered"
        if any(fault.field == key and fault.code in INVALID for fault in self.row.faults):
            return "invalid"
        return "answered" if key in self.typed else "empty"

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Every step that held, the deciding one first."""
        from app.forms.explain import reasons_of

        return reasons_of(self)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong, in words: missing answers, faults, failed checks."""
        from app.forms.explain import problems_of

        return problems_of(self)

    @cached_property
    def distance(self) -> tuple[Distance, ...]:
        """How far it is to the next classes."""
        from app.forms.distance import distances_of

        return distances_of(self)

    @cached_property
    def evidence(self) -> tuple[EvidenceNeed, ...]:
        """The papers that the table and the rules that held ask for."""
        from app.forms.explain import evidence_of

        return evidence_of(self)


INVALID = frozenset(("E002", "E003", "E004", "E005", "E010", "E013"))


@dataclass(frozen=True, slots=True)
class Reason:
    """One step that held, in words."""

    rule: str
    floor: FiveClass | None
    text: str
    basis: str
    fields: tuple[str, ...]
    effect: str
    source: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend or to explain."""

    field: str
    code: str
    severity: Literal["error", "warning"]
    message: str
    way_out: str
    values: tuple[str, ...] = ()
    """What it was found on; a kept warning stays valid while these stay the same."""


@dataclass(frozen=True, slots=True)
class Distance:
    """How far it is to a worse class."""

    to: FiveClass
    text: str
    field: str


@dataclass(frozen=True, slots=True)
class EvidenceNeed:
    """A paper asked for, and whether it is attached (None: unknown)."""

    paper: str
    present: bool | None


def evaluate(table: Table, values: Mapping[str, Json], context: Context) -> Evaluation:
    """Evaluates one row of a table; pure, exact, without database or window."""
    return Evaluation(table, values, context)
