"""The compiled part of a table: its fields in the order of evaluation, its rules and checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from app.forms.classes import BY_CODE, FiveClass
from app.forms.expressions import Battery, Condition, Formula
from app.forms.schema import Check, FieldDef, Hint, Rule
from app.forms.values import half_up, parser, stored_day

if TYPE_CHECKING:
    from app.forms.table import Table

EXTRA_PARTS = ("working_paper", "opinion", "union")


class Step(Struct, frozen=True):
    """One field in the order of evaluation, with everything compiled."""

    key: str
    field: FieldDef
    parse: Callable[[Any], Any]
    asked: Condition | None
    computed: Formula | None
    default: Formula | None
    minimum: Formula | None
    required: bool
    drafted: bool
    """Whether the program drafts the text; of a safe row that is enough."""
    plain_optional: bool
    """Whether an empty answer needs nothing done: not required, no default, no minimum."""

    @property
    def line(self) -> StepLine:
        """What the reading loop needs at every row, ready to be unpacked."""
        compute = self.computed.value if self.computed else None
        return self.key, self.asked, compute, self.parse, self


StepLine = tuple[
    str, Condition | None, Callable[[Mapping[str, Any]], Any] | None, Callable[[Any], Any], Step
]
"""Key, condition, computed value, parser, and the step itself for everything rarer."""


class CompiledRule(Struct, frozen=True):
    """A rule with its compiled condition and the figures its text shows."""

    rule: Rule
    condition: Condition
    floor: FiveClass | None
    show: Mapping[str, Formula]


class CompiledCheck(Struct, frozen=True):
    """A check between fields with its compiled condition and the figures its text shows."""

    check: Check
    condition: Condition
    show: Mapping[str, Formula]


def _plain_day(raw: Any) -> date | None:
    """A day written as books keep it, which most are."""
    return stored_day(raw) if type(raw) is str else None


def _code_or_day(field: FieldDef) -> Callable[[Any], Any]:
    """Reads a value into the form that expressions work on: dates as days, classes as codes."""
    parse = parser(field)
    if field.type == "date":
        return lambda raw: _plain_day(raw) or parse(raw).first  # type: ignore[union-attr]
    if field.type == "class5":
        return lambda raw: parse(raw).value  # type: ignore[union-attr]
    return parse


class Program:
    """What evaluation runs of a table; DefinitionError names what is wrong in an expression."""

    def __init__(self, table: Table) -> None:
        self.table = table
        definition = table.definition
        steps = {key: self._step(field) for key, field in table.fields.items()}
        order = self._ordered(steps)
        row_steps = [s for s in order if s.field.part not in EXTRA_PARTS]
        compiled = [self._rule(rule) for rule in table.rules]
        self.direct = tuple(c for c in compiled if c.rule.effect == "direct")
        self.floors = tuple(c for c in compiled if c.rule.effect == "floor")
        self.lifts = tuple(c for c in compiled if c.rule.effect == "lift")
        self.worsening = tuple(c for c in compiled if c.rule.effect == "worsen")
        self.compiled_checks = tuple(self._check(check) for check in table.checks)
        self.compiled_hints = tuple(self._hint(hint) for hint in table.definition.hints)
        self.required_when = {
            key: table.condition(
                field.required_when, f"field '{key}'.required_when", afterwards=True
            )
            for key, field in table.fields.items()
            if field.required_when
        }
        self.evidence_when = tuple(
            (e.paper, table.condition(e.when, f"evidence '{e.paper}'") if e.when else None)
            for e in table.evidence
        )
        self.floor_battery = Battery([rule.condition for rule in self.floors])
        self.later_rules = (*self.lifts, *self.worsening)
        self.step_battery = Battery([rule.condition for rule in self.later_rules])
        self.check_battery = Battery([check.condition for check in self.compiled_checks])
        self.left = table.formula(definition.left, "left")
        self.safe = table.condition(definition.safe, "safe") if definition.safe else None
        read = self._reads(order, compiled)
        self.formulas = {s.key: s.computed for s in order if s.computed}
        self.steps = tuple(s for s in row_steps if s.computed is None or s.key in read)
        self.late_steps = tuple(
            s for s in row_steps if s.computed is not None and s.key not in read
        )
        self.extra_steps = tuple(s for s in order if s.field.part in EXTRA_PARTS)
        self.lines = tuple(step.line for step in self.steps)
        self.extra_lines = tuple(step.line for step in self.extra_steps)
        self.past_dates = tuple(f.key for f in table.fields.values() if f.until_base_date)
        self.extra_keys = frozenset(s.key for s in self.extra_steps)
        self.blank: dict[str, Any] = dict.fromkeys(table.names)

    def typed_in(self, names: Iterable[str]) -> tuple[str, ...]:
        """The fields a person fills in that these names come from, in the form's order."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            formula = self.formulas.get(name)
            if formula is None:
                found.add(name)
            else:
                waiting += formula.reads
        return tuple(key for key in self.table.fields if key in found)

    def _step(self, field: FieldDef) -> Step:
        where = f"field '{field.key}'"

        def formula(text: str, attribute: str) -> Formula | None:
            return self.table.formula(text, f"{where}.{attribute}") if text else None

        drafted = bool(field.draft)
        required = not (
            field.optional
            or field.computed
            or field.part == "union"
            or (drafted and field.part != "working_paper")
        )
        return Step(
            key=field.key,
            field=field,
            parse=_code_or_day(field),
            asked=self.table.condition(field.asked_when, f"{where}.asked_when")
            if field.asked_when
            else None,
            computed=_rounded(formula(field.computed, "computed"), field.decimals),
            default=formula(field.default, "default"),
            minimum=formula(field.minimum, "minimum"),
            required=required,
            drafted=drafted,
            plain_optional=not (required or field.default or field.minimum or field.computed),
        )

    def _ordered(self, steps: dict[str, Step]) -> list[Step]:
        """Fields so that each comes after those it depends on; a circle is refused."""
        needs = {key: self._needs(step) & steps.keys() for key, step in steps.items()}
        order: list[Step] = []
        done: set[str] = set()
        while len(order) < len(steps):
            ready = [key for key in steps if key not in done and needs[key] <= done]
            if not ready:
                circle = "、".join(sorted(steps.keys() - done))
                message = f"these depend on each other in a circle: {circle}"
                raise self.table.fault("fields", message)
            order += [steps[key] for key in ready]
            done.update(ready)
        return order

    @staticmethod
    def _needs(step: Step) -> set[str]:
        parts = (step.asked, step.computed, step.default, step.minimum)
        needs = {name for part in parts if part for name in part.reads}
        if step.key == "expected_loss":
            needs.add("loss_basis")
        return needs

    def _reads(self, order: list[Step], rules: list[CompiledRule]) -> set[str]:
        """Every field that something computes with before the texts are made."""
        read = {"expected_loss", "carrying_amount"}.union(*(self._needs(step) for step in order))
        conditions = [compiled.condition for compiled in rules]
        conditions += [compiled.condition for compiled in self.compiled_checks]
        for condition in (*conditions, *self.required_when.values()):
            read |= condition.reads
        return (read | self.left.reads) - {"loss_rate"}

    def _show(self, show: Mapping[str, str], where: str) -> dict[str, Formula]:
        formula = self.table.formula
        return {name: formula(text, f"{where}.show.{name}") for name, text in show.items()}

    def _rule(self, rule: Rule) -> CompiledRule:
        where = f"rule '{rule.id}'"
        if (rule.effect == "worsen") is not (rule.floor is None):
            raise self.table.fault(where, "needs a floor unless its effect is 'worsen'")
        if rule.floor == "field":
            self.table.known(self.table.fields, rule.class_field, f"{where}.class_field")
        self.table.check_places(rule.text, rule.show, where)
        return CompiledRule(
            rule,
            self.table.condition(rule.when, f"{where}.when"),
            BY_CODE.get(rule.floor or ""),
            self._show(rule.show, where),
        )

    def _check(self, check: Check) -> CompiledCheck:
        where = f"check '{check.code}'"
        self.table.known(self.table.fields, check.field, f"{where}.field")
        self.table.check_places(check.text + check.way_out, check.show, where)
        condition = self.table.condition(check.when, f"{where}.when", afterwards=True)
        return CompiledCheck(check, condition, self._show(check.show, where))

    def _hint(self, hint: Hint) -> tuple[Hint, Condition]:
        where = f"hint '{hint.code}'"
        self.table.known(self.table.fields, hint.field, f"{where}.field")
        self.table.check_places(hint.text, {}, where)
        return hint, self.table.condition(hint.when, f"{where}.when")


def _rounded(formula: Formula | None, decimals: int) -> Formula | None:
    """The formula with its result half up to so many decimals; 0: as it is."""
    if formula is None or not decimals:
        return formula
    exact = formula.value

    def value(values: Mapping[str, Any]) -> Any:
        found = exact(values)
        return None if found is None else half_up(found, decimals)

    return replace(formula, value=value)
