"""The definitions as plain data: what `wuji describe` prints and a manual is made from."""

from __future__ import annotations

from typing import Any

from app.forms.schema import FieldDef
from app.forms.table import Table


def described(table: Table) -> dict[str, Any]:
    """One table with fields, rules, columns and cases."""
    return {
        "table": table.id,
        "title": table.title,
        "method": table.method,
        "about": table.about,
        "sections": [
            {"key": s.key, "title": s.title, "fields": list(s.fields)} for s in table.sections
        ],
        "fields": [described_field(field) for field in table.fields.values()],
        "rules": [_rule(rule) for rule in table.rules],
        "columns": [
            {"field": c.field, "title": c.title, "group": list(c.group)} for c in table.columns
        ],
        "cases": [
            {
                "number": case.number,
                "title": case.title,
                "facts": case.facts,
                "base_date": case.base_date.isoformat(),
                "values": case.values,
                "expected": case.expected,
            }
            for case in table.cases
        ],
    }


def described_field(field: FieldDef) -> dict[str, Any]:
    """One field with its instruction and its explained choices."""
    return {
        "key": field.key,
        "label": field.label,
        "type": field.type,
        "part": field.part,
        "instruction": field.instruction,
        "example": field.example,
        "source": field.source,
        "asked_when": field.asked_when,
        "optional": field.optional,
        "computed": bool(field.computed),
        "decimals": field.decimals,
        "each_period": field.each_period,
        "choices": [
            {"code": c.code, "label": c.label, "explanation": c.explanation} for c in field.choices
        ],
    }


def _rule(rule: Any) -> dict[str, Any]:
    return {
        "id": rule.id,
        "effect": rule.effect,
        "floor": rule.floor,
        "when": rule.when,
        "text": rule.text,
        "basis": rule.basis,
        "source": rule.source,
    }
