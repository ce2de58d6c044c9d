"""Evaluation of one row to class, reasons and problems: the only place a class comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

from app.forms.classes import BY_CODE, FiveClass
from app.forms.outcome import Outcome, classify
from app.forms.program import CompiledCheck
from app.forms.reading import Context, Fault, OpenValueError, Row
from app.forms.reported_date import ReportedDate
from app.forms.results import Distance, EvidenceNeed, Problem, Reason
from app.forms.table import Table
from app.forms.values import Json, Typed, half_up, is_empty, parse_value

__all__ = [
    "Context",
    "Distance",
    "Evaluation",
    "EvidenceNeed",
    "Fault",
    "FieldState",
    "Problem",
    "Reason",
    "evaluate",
]

FieldState = Literal["answered", "unanswered", "invalid", "empty", "not_asked", "computed"]
INVALID = frozenset(("E002", "E003", "E004", "E005", "E010", "E013"))
ZERO = Decimal(0)


class Evaluation:
    """What a row's values mean: class and loss; reasons and problems in words when asked for."""

    def __init__(self, table: Table, raw: Mapping[str, Json], context: Context) -> None:
        self.table = table
        self.program = table.program
        self.context = context
        self.row = Row(table, raw, context)
        values = self.row.values
        self.standard = values.get("loss_basis") == "standard"
        if self.standard:
            self._set_aside_estimate()
        self.outcome = self._judged()
        if self.standard:
            self._take_standard_loss()
        self.suggested = self.outcome.suggested
        self.at_least = self.outcome.at_least
        self.expected_loss: Decimal | None = values.get("expected_loss")
        values["suggested_class"] = self.suggested.value if self.suggested else None
        # Kept by hand, not by `cached_property`: they are asked of every row of a list or import,
        # and its lock and the instance's dictionary cost more than they do.
        self._failed_checks: list[CompiledCheck] | None = None
        self._faults: tuple[Fault, ...] | None = None
        self._missing: tuple[str, ...] | None = None

    @property
    def failed_checks(self) -> list[CompiledCheck]:
        """The checks between fields that found a problem."""
        if self._failed_checks is None:
            self._failed_checks = self._judge_checks()
        return self._failed_checks

    def _judge_checks(self) -> list[CompiledCheck]:
        verdicts = self.program.check_battery.judge(self.row.values, self.row.open)
        if True not in verdicts:
            return []
        checks = self.program.compiled_checks
        return [check for check, verdict in zip(checks, verdicts, strict=True) if verdict]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Faults of single values, then those that need the whole row."""
        if self._faults is None:
            self._faults = (*self.row.faults, *self._last_faults())
        return self._faults

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields that still need an answer."""
        if self._missing is None:
            self._missing = (*self.row.missing, *self._required_afterwards())
        return self._missing

    def _judged(self) -> Outcome:
        """The outcome; with an unreadable loss basis only what holds with the band and without."""
        outcome = classify(self.row, with_band=not self.standard)
        if "loss_basis" not in self.row.open:
            return outcome
        without = classify(self.row, with_band=False)
        agreed = outcome.suggested is without.suggested
        return without._replace(suggested=outcome.suggested if agreed else None)

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
            left: Decimal | None = self.row.value_of(self.program.left)
        except OpenValueError:
            return None
        return left

    def _required_afterwards(self) -> Iterator[str]:
        row = self.row
        for key, condition in self.program.required_when.items():
            wanted = key not in row.not_asked and row.values.get(key) in (None, "")
            if wanted and key not in row.open and condition.judge(row.values, row.open):
                yield key

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
        for key in self.program.past_dates:
            day = values[key]
            if day is not None and day > self.context.base_date:
                found.append(Fault(key, "E006", self._typed(key), self.context.base_date))
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
        return len(self.missing) + self._count("E")

    @property
    def warning_count(self) -> int:
        """How many problems can be kept with a reason."""
        return self._count("W")

    def _count(self, letter: str) -> int:
        found = 0
        for fault in self.faults:
            found += fault.code.startswith(letter)
        for failed in self.failed_checks:
            found += failed.check.code.startswith(letter)
        return found

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
        extra = () if self._extras_read else self.program.extra_steps
        for step in (*self.program.late_steps, *extra):
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
        return self.context.complete or not self.program.extra_keys.isdisjoint(self.row.raw)

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
        if key in self.missing:
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


def evaluate(table: Table, values: Mapping[str, Json], context: Context) -> Evaluation:
    """Evaluates one row of a table; pure, exact, without database or window."""
    return Evaluation(table, values, context)
