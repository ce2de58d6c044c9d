"""Computed fields as spreadsheet formulas."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from app.forms.loader import builtin_rulesets, load_ruleset
from app.forms.schema import FieldType
from app.forms.values import Typed
from app.papers.cells import paper_columns
from app.papers.formulas import NoFormulaError, spreadsheet_formula

CELLS = {"carrying_amount": "D7", "expected_loss": "S7", "cost": "E7"}
VALUES: dict[str, Typed] = {
    "market_value": Decimal("1200000.50"),
    "months": 14,
    "share": Fraction(19, 50),
    "yes": True,
    "kind": "interest",
}


@pytest.mark.parametrize(
    ("expression", "kind", "formula"),
    [
        (
            "expected_loss / carrying_amount if carrying_amount > 0 else 0",
            "rate",
            "=IF(D7>0,(S7/D7),0)",
        ),
        (
            (
                "carrying_amount - market_value if filled(market_value) and "
                "carrying_amount > market_value else none"
            ),
            "money",
            '=IF(AND(TRUE,D7>1200000.5),ROUND((D7-1200000.5),2),"")',
        ),
        ("max(0, cost - carrying_amount)", "money", "=ROUND(MAX(0,(E7-D7)),2)"),
        ("fen(cost * share)", "money", "=ROUND(ROUND((E7*(19/50)),2),2)"),
        ("min(cost, carrying_amount) * months", "money", "=ROUND((MIN(E7,D7)*14),2)"),
        ("cost - absent", "money", "=ROUND((E7-0),2)"),
        ("0 if not filled(cost) else cost", "money", '=ROUND(IF(NOT(E7<>""),0,E7),2)'),
        ("cost if filled(no) or cost >= 1 else 0", "money", "=ROUND(IF(OR(FALSE,E7>=1),E7,0),2)"),
    ],
)
def test_expressions_become_formulas(expression: str, kind: FieldType, formula: str) -> None:
    assert spreadsheet_formula(expression, CELLS, VALUES, kind) == formula


@pytest.mark.parametrize(
    "expression",
    [
        "days(formed_on, base_date)",
        "months(formed_on, base_date) * cost",
        '"none" if cost <= 0 else "to_90"',
        "cost if yes else 0",
        'cost if kind == "interest" else 0',
        "market_value - months",  # reads no cell
        "none",
    ],
)
def test_what_spreadsheets_cannot_say_is_refused(expression: str) -> None:
    with pytest.raises(NoFormulaError):
        spreadsheet_formula(expression, CELLS, VALUES, "money")


def test_every_table_has_a_live_loss_rate() -> None:
    for name in builtin_rulesets():
        for table in load_ruleset(name).row_tables:
            columns = {column.key: column for column in paper_columns(table)}
            if "loss_rate" not in columns:
                continue
            cells = {key: f"{key}7" for key in columns if key != "loss_rate"}
            formula = spreadsheet_formula(columns["loss_rate"].formula, cells, {}, "rate")
            assert formula == "=IF(carrying_amount7>0,(expected_loss7/carrying_amount7),0)"
