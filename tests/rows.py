"""Rows that tests of all layers start from; nothing here needs the window."""

from __future__ import annotations

from typing import Any

ASKED: dict[str, Any] = {
    "kind": "interbank_deposit",
    "counterparty": "某某银行",
    "name": "存放某某银行款项",
    "subject": "1221",
    "carrying_amount": "250000.00",
    "formed_on": "2005-01-10",
    "agreement": True,
    "agreement_legality": "legal",
    "vouchers": "complete",
    "compliance": "compliant",
    "accuracy": [],
    "records_complete": True,
    "violates_rules": False,
    "counterparty_state": "normal",
    "interest_paid": True,
    "ownership_disputed": False,
    "litigation": "none",
    "limitation": "within",
    "expected_loss": "0.00",
}
"""A row of 1-2 with every question about it answered; working paper and opinion still open."""

INTERBANK: dict[str, Any] = {
    **ASKED,
    "wp_formation": "2005年1月10日开户存入。",
    "wp_state": "对方正常营业，按期付息。",
    "initial_class": "normal",
}
"""A finished row of 1-2."""
