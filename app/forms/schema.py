"""What a definition file may hold: typed, frozen structs read from TOML, unknown keys refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct
from msgspec import field as entry

FieldType = Literal[
    "text", "long", "money", "date", "int", "rate", "bool", "one", "many", "class5", "code"
]
Source = Literal["S", "R", "D"]
ClassCode = Literal["normal", "special_mention", "substandard", "doubtful", "loss"]
Effect = Literal["direct", "floor", "lift", "worsen"]
Part = Literal["row", "working_paper", "opinion", "union"]
Text = Annotated[str, Meta(min_length=1)]


class Definition(Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all definitions: immutable, strict about keys."""


class Choice(Definition, frozen=True, kw_only=True):
    """One answer of a choice field, with the explanation the clerk reads."""

    code: Text
    label: Text
    explanation: Text
    formerly: tuple[str, ...] = ()
    """Codes that this answer had in the rule set before."""
    works_out: str = ""
    """The field whose figure the program works out where this is the answer."""


class FieldDef(Definition, frozen=True, kw_only=True):
    """One field of a determination table."""

    key: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$")]
    label: Text
    type: FieldType
    instruction: Text
    source: Source
    example: str = ""
    part: Part = "row"
    choices: tuple[Choice, ...] = ()
    optional: bool = False
    asked_when: str = ""
    """Expression; empty: always asked."""
    required_when: str = ""
    """Expression on the finished evaluation (may read expected_loss); only for optional fields."""
    computed: str = ""
    """Expression; the field is then never typed in."""
    default: str = ""
    """Expression that stands for an empty answer."""
    draft: str = ""
    """Text with {field} places that stands for an empty long text."""
    minimum: str = ""
    """Expression: the value the method gives; empty answers take it, lower ones are refused."""
    negative: bool = False
    month_allowed: bool = False
    """A date known to the month or the year alone is allowed."""
    until_base_date: bool = False
    """The date may not lie after the base date."""
    maximum: Decimal | None = None
    decimals: Annotated[int, Meta(ge=0, le=4)] = 0
    """Digits behind the point of a computed `int`; half up."""
    unit: str = ""
    none_label: str = ""
    """How an empty list of a `many` field is called (相符)."""
    each_period: bool = False
    """The answer belongs to one base date: asked again, not carried into the next period."""
    may_be_all: bool = False
    """An amount that is often the whole carrying amount: many rows can be filled so at once."""
    in_words: bool = False
    """A line of text in which digits and signs alone say nothing, like a cause or a name."""
    formerly: tuple[str, ...] = ()
    """Keys that this field of the table had in the rule set before."""


class Section(Definition, frozen=True, kw_only=True):
    """A group of fields of the guided form, in order."""

    key: Text
    title: Text
    fields: tuple[str, ...]


class Rule(Definition, frozen=True, kw_only=True):
    """One rule of the order in `domain/classification.md`."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9_]+\.[a-z0-9_]+$")]
    effect: Effect = "floor"
    floor: ClassCode | Literal["field"] | None = None
    """The class given (direct) or demanded at least (floor, lift); `field`: see class_field."""
    class_field: str = ""
    when: Text
    text: Text
    """What was found, with {field} and {shown} places."""
    basis: Text
    source: Source
    show: dict[str, str] = entry(default_factory=dict)
    evidence: tuple[str, ...] = ()


class Check(Definition, frozen=True, kw_only=True):
    """A check between fields: the problem exists when `when` is true."""

    code: Annotated[str, Meta(pattern=r"^[EW]\d{3}$")]
    field: Text
    when: Text
    text: Text
    way_out: Text
    source: Source = "D"
    show: dict[str, str] = entry(default_factory=dict)


class Problem(Definition, frozen=True, kw_only=True):
    """A general problem of the catalogue; the first letter of its code is its severity."""

    code: Annotated[str, Meta(pattern=r"^[EW]\d{3}$")]
    text: Text
    way_out: Text


class Column(Definition, frozen=True, kw_only=True):
    """One printed column of the official table."""

    field: Text
    title: Text
    group: tuple[str, ...] = ()
    """Header groups above the title, outermost first, at most two."""
    width: Annotated[int, Meta(ge=5, le=120)] = 18
    """Relative width; millimetres when the table fits."""
    texts: dict[str, str] = entry(default_factory=dict)
    """Printed words by value code; "*" for every other answered value, "[]" for an empty list."""


class Evidence(Definition, frozen=True, kw_only=True):
    """A paper that belongs into the working paper of every such row."""

    paper: Text
    when: str = ""


class Case(Definition, frozen=True, kw_only=True):
    """A worked case: a test, and an example shown to the clerk."""

    number: int
    title: Text
    facts: Text
    values: dict[str, Any]
    expected: ClassCode
    base_date: date = date(2006, 12, 31)
    problem: str = ""
    """Code of the problem that this case must show; empty: none with severity error."""
    source: Source = "S"


class Hint(Definition, frozen=True, kw_only=True):
    """Answers that seldom go together: somebody is asked to look again, nothing is blocked."""

    code: Annotated[str, Meta(pattern=r"^N[2-9]\d\d$")]
    """N1.. are the program's own questions."""
    field: Text
    when: Text
    text: Text
    way_out: Text
    source: Source = "D"
    only_together: bool = False
    """Asked where the answer is given to many rows at once; of one row it says nothing."""


class TableDef(Definition, frozen=True, kw_only=True):
    """One determination table (认定表), one file."""

    id: Annotated[str, Meta(pattern=r"^\d{1,2}(-\d{1,2})?$")]
    key: Text
    title: Text
    short_title: Text
    method: Text
    source: Source
    about: Text
    """What belongs into this table, for the clerk."""
    sections: tuple[Section, ...] = entry(name="section")
    fields: tuple[FieldDef, ...] = entry(name="field", default=())
    common_rules: tuple[str, ...] = ()
    common_checks: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = entry(name="rule", default=())
    checks: tuple[Check, ...] = entry(name="check", default=())
    hints: tuple[Hint, ...] = entry(name="hint", default=())
    columns: tuple[Column, ...] = entry(name="column", default=())
    evidence: tuple[Evidence, ...] = ()
    cases: tuple[Case, ...] = entry(name="case", default=())
    totals: tuple[str, ...] = ("carrying_amount", "expected_loss")
    """Money fields summed in the last line of the printed table."""
    left: str = "carrying_amount"
    """Expression: the most that can still be lost (carrying amount less what came back)."""
    safe: str = ""
    """Expression: the row is a safe asset (working paper drafted by the program)."""


class Subject(Definition, frozen=True, kw_only=True):
    """One accounting subject of the chart (核算科目)."""

    code: Annotated[str, Meta(pattern=r"^\d{3,8}$")]
    name: Text
    table: str = ""
    """Determination table the subject belongs to; empty: a credit counter-account."""
    side: Literal["debit", "credit"] = "debit"
    netting: bool = False
    """The GL figure is the reported net one; no difference check."""
    tie_field: str = "carrying_amount"
    """The money field whose sum must equal the balance."""
    formerly: tuple[str, ...] = ()
    """Codes of the chart before that this subject took the place of."""
    formerly_where: dict[str, tuple[str, ...]] = entry(default_factory=dict)
    """Answers, by field, that a row of a former code must have one of; empty: every row."""


class SummaryLine(Definition, frozen=True, kw_only=True):
    """One line of the consolidated summary."""

    key: Text
    title: Text
    level: int = 1
    subjects: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    where: str = ""
    """Field and value, as "item=special_bill", where subjects do not tell."""
    sum_of: tuple[str, ...] = ()


class Band(Definition, frozen=True, kw_only=True):
    """Loss rates up to `limit` (included or not) belong to this class."""

    floor: ClassCode
    above: Decimal
    included: bool
    """Whether the cut point itself already belongs to this class."""
    text: Text
    basis: Text
    source: Source


class Authority(Definition, frozen=True, kw_only=True):
    """Who decides on a class up to an amount."""

    classes: tuple[ClassCode, ...]
    up_to: Decimal | None = None
    decides: Text
    level: Literal["office", "union", "above"] = "union"
    """Where it sits: what is decided above goes up from the union."""


class RuleSetDef(Definition, frozen=True, kw_only=True):
    """`ruleset.toml`: identity and settings of a rule set."""

    id: Text
    title: Text
    applies_from: date
    parent: str = ""
    tables: tuple[str, ...] = ()
    bands: tuple[Band, ...] = entry(name="band", default=())
    standard_rates: dict[ClassCode, Decimal] = entry(default_factory=dict)
    big_loss_threshold: Decimal = Decimal("100000")
    big_loss_tables: tuple[str, ...] = ()
    coverage_base: Literal["expected_loss", "non_performing"] = "expected_loss"
    ledger_tolerance: Decimal = Decimal("0.00")
    authority: tuple[Authority, ...] = ()
    subjects: tuple[Subject, ...] = entry(name="subject", default=())
    problems: tuple[Problem, ...] = entry(name="problem", default=())
    summary: tuple[SummaryLine, ...] = entry(name="line", default=())
