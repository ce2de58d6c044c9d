"""Making findings: general problems of the catalogue in words, problems of rows."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from app.book.finding_ids import finding_id, fingerprint
from app.book.types import CheckLine, Finding
from app.forms.evaluation import Problem
from app.forms.loader import ruleset_for
from app.forms.schema import Problem as GeneralProblem
from app.forms.values import amount_text

if TYPE_CHECKING:
    from app.book.store import Store

SHEET = "2"


def place_of(row_id: str, table_id: str) -> str:
    """Where a problem stands: a row, or its sheet of table 2."""
    return f"{row_id}#2" if table_id == SHEET else row_id


def from_problem(row_id: str, table_id: str, problem: Problem) -> Finding:
    """A problem of a row (or of its table 2 sheet) as a finding."""
    place = place_of(row_id, table_id)
    return Finding(
        id=finding_id(problem.code, place, problem.field),
        row_id=row_id,
        table_id=table_id,
        field=problem.field,
        code=problem.code,
        severity=problem.severity,
        message=problem.message,
        way_out=problem.way_out,
        fingerprint=fingerprint(problem.code, place, problem.field, problem.values),
    )


def finding(
    store: Store,
    code: str,
    place: str,
    *,
    row_id: str = "",
    table_id: str = "",
    field: str = "",
    value: str = "",
    expected: str = "",
    line: CheckLine | None = None,
    judged_on: tuple[str, ...] = (),
) -> Finding:
    """A general problem of the catalogue at a place: a row, a subject, an import."""
    general = _general(store, code)
    table = store.ruleset.tables.get(table_id)
    label = table.fields[field].label if table and field in table.fields else field
    places = {"label": label, "value": value, "expected": expected}
    return Finding(
        id=finding_id(code, place, field),
        row_id=row_id,
        table_id=table_id,
        field=field,
        code=code,
        severity="error" if code.startswith("E") else "warning",
        message=general.text.format(**places),
        way_out=general.way_out.format(**places),
        fingerprint=fingerprint(code, place, field, judged_on or (value, expected)),
        relation=line.relation if line else "",
        category=line.category if line else "",
        left=line.left if line else None,
        right=line.right if line else None,
        difference=line.difference if line else None,
    )


def _general(store: Store, code: str) -> GeneralProblem:
    # A book's own copy of the rules may be older than the problem.
    problems = store.ruleset.problems
    return problems[code] if code in problems else ruleset_for(store.today()).problems[code]


def check_line(
    relation: str,
    category: str,
    left: Decimal,
    right: Decimal,
    *,
    tolerance: Decimal = Decimal(0),
    table_id: str = "",
    subject: str = "",
    field: str = "",
) -> CheckLine:
    """A line of the check list: it holds when both sides agree within the tolerance."""
    difference = left - right
    return CheckLine(
        relation=relation,
        category="表内" if category == "表内" else "表间",
        holds=abs(difference) <= tolerance,
        left=left,
        right=right,
        difference=difference,
        table_id=table_id,
        subject=subject,
        field=field,
    )


def yuan(amount: Decimal) -> str:
    """An amount as messages show it."""
    return f"{amount_text(amount)}元"
