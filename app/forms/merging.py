"""Merging of definition files: a table over the common fields, a child rule set over its parent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

Raw = dict[str, Any]

ENTRY_KEYS = {
    "field": "key",
    "section": "key",
    "rule": "id",
    "check": "code",
    "hint": "code",
    "column": "field",
    "case": "number",
    "subject": "code",
    "problem": "code",
    "line": "key",
    "evidence": "paper",
    "choices": "code",
    "band": "floor",
}


def plain(value: Any) -> Any:
    """The value as JSON knows it: decimals and dates as text, so that hashes are stable."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def merged(parent: Mapping[str, Any], child: Mapping[str, Any]) -> Raw:
    """The child's entries over the parent's, merged by their keys; `remove` takes entries out."""
    result: Raw = dict(parent)
    for name, value in child.items():
        if name == "remove":
            continue
        key = ENTRY_KEYS.get(name)
        if key and isinstance(value, list) and _entries(value):
            result[name] = _merged_entries(parent.get(name, []), value, key)
        elif isinstance(value, dict) and isinstance(parent.get(name), dict) and name != "values":
            result[name] = parent[name] | value
        else:
            result[name] = value
    for name, gone in child.get("remove", {}).items():
        key, old = ENTRY_KEYS.get(name, "key"), result.get(name, [])
        if isinstance(old, dict):
            result[name] = {part: value for part, value in old.items() if part not in gone}
        else:
            result[name] = [entry for entry in old if entry.get(key) not in gone]
    return result


def _entries(value: list[Any]) -> bool:
    return all(isinstance(entry, dict) for entry in value)


def _merged_entries(parent: list[Raw], child: list[Raw], key: str) -> list[Raw]:
    by_key = {entry.get(key): entry for entry in parent}
    for entry in child:
        old = by_key.get(entry.get(key), {})
        new = merged(old, entry)
        if "add" in entry:
            fresh = [name for name in entry["add"] if name not in new.get("fields", [])]
            new["fields"] = [*new.get("fields", []), *fresh]
            del new["add"]
        if "values" in old and "values" in entry:
            new["values"] = old["values"] | entry["values"]
        by_key[entry.get(key)] = new
    return list(by_key.values())


def resolved_table(table: Mapping[str, Any], common: Mapping[str, Any]) -> Raw:
    """The table with the common fields, rules and checks it names put in."""
    result: Raw = dict(table)
    shared = {field.get("key"): field for field in common.get("field", [])}
    own = {field.get("key"): field for field in table.get("field", [])}
    listed = [key for section in table.get("section", []) for key in section.get("fields", [])]
    wanted = list(dict.fromkeys([*listed, *own]))
    result["field"] = [
        merged(shared.get(key, {}), own.get(key, {}))
        for key in wanted
        if key in shared or key in own
    ]
    for kind, names in (("rule", "common_rules"), ("check", "common_checks")):
        result[kind] = _picked(common.get(kind, []), table.get(names, []), ENTRY_KEYS[kind]) + list(
            table.get(kind, [])
        )
    return result


def _picked(entries: list[Raw], names: list[str], key: str) -> list[Raw]:
    by_key = {entry.get(key): entry for entry in entries}
    return [by_key.get(name, {key: name}) for name in names]
