"""Reading rule sets from folders; errors name file, line, key and the likeliest word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.forms import schema
from app.forms.errors import DefinitionError, with_suggestion
from app.forms.merging import ENTRY_KEYS, Raw, merged, plain, resolved_table
from app.forms.ruleset import RuleSet, ruleset_from_snapshot
from app.forms.shape import check_ruleset

__all__ = ["builtin_rulesets", "load_ruleset", "ruleset_for", "ruleset_from_snapshot"]

_SETTINGS = ("ruleset", "subjects", "problems", "summary")
_UNKNOWN_KEY = re.compile(r"unknown field `(\w+)`")
_QUOTED = re.compile(r"(?:field|rule|check|case|subject|line) '?([\w.]+)'?")
_PATH = re.compile(r"`\$((?:\.\w+|\[\d+\]|\[\.\.\.\])*)`")
_STRUCTS = [
    s for s in vars(schema).values() if isinstance(s, type) and issubclass(s, schema.Definition)
]


def rulesets_folder() -> Path:
    """Where the shipped rule sets lie."""
    from app.resources import resource_path

    return resource_path("rulesets")


@lru_cache(maxsize=1)
def builtin_rulesets() -> tuple[str, ...]:
    """The names of the shipped rule sets."""
    found = rulesets_folder().glob("*/ruleset.toml")
    return tuple(sorted(path.parent.name for path in found))


@lru_cache(maxsize=8)
def load_ruleset(name: str | Path) -> RuleSet:
    """A shipped rule set by name, or one from a folder by path."""
    folder = Path(name)
    if not (folder / "ruleset.toml").is_file():
        folder = rulesets_folder() / str(name)
    if not (folder / "ruleset.toml").is_file():
        known = builtin_rulesets()
        raise DefinitionError(with_suggestion(f"no rule set '{name}'", str(name), known))
    raw = _resolved(_with_parent(folder))
    _refuse_unnamed_tables(folder, raw)
    try:
        ruleset = RuleSet(raw)
        ruleset.compile()
        # Only here: the snapshot of an older program opens as it is.
        check_ruleset(ruleset)
        return ruleset
    except DefinitionError as error:
        raise DefinitionError(_located(str(error), folder, raw)) from None


def _refuse_unnamed_tables(folder: Path, raw: Raw) -> None:
    named = raw["ruleset"].get("tables", ())
    for path in sorted(folder.glob("[0-9]*.toml")):
        if path.stem not in named:
            message = with_suggestion("no rule set names this table", path.stem, named)
            raise DefinitionError(f"{folder.name}/{path.name}: {message}")


def ruleset_for(base_date: date) -> RuleSet:
    """The shipped rule set in force at a base date."""
    sets = sorted((load_ruleset(name) for name in builtin_rulesets()), key=lambda r: r.applies_from)
    in_force = [ruleset for ruleset in sets if ruleset.applies_from <= base_date]
    return in_force[-1] if in_force else sets[0]


def _with_parent(folder: Path, seen: tuple[Path, ...] = ()) -> Raw:
    """The files of a folder merged over those of its parents."""
    if folder in seen:
        raise DefinitionError(f"{folder.name}/ruleset.toml: parents go round in a circle")
    own = _read_folder(folder)
    parent = own["settings"].get("parent")
    if not parent:
        return own
    parent_folder = folder.parent / parent
    if not (parent_folder / "ruleset.toml").is_file():
        parent_folder = rulesets_folder() / parent
    if not (parent_folder / "ruleset.toml").is_file():
        raise DefinitionError(f"{folder.name}/ruleset.toml: parent '{parent}' is not there")
    base = _with_parent(parent_folder, (*seen, folder))
    tables = dict(base["tables"])
    for id_, table in own["tables"].items():
        tables[id_] = merged(tables.get(id_, {}), table)
    return {
        "settings": merged(base["settings"], own["settings"]),
        "common": merged(base["common"], own["common"]),
        "tables": tables,
    }


def _read_folder(folder: Path) -> Raw:
    settings: Raw = {}
    for name in _SETTINGS:
        for key, value in _read(folder / f"{name}.toml").items():
            if key == "remove":
                settings.setdefault("remove", {}).update(value)
            else:
                settings[key] = value
    tables = {
        path.stem: _read(path) for path in sorted(folder.glob("*.toml")) if path.stem[:1].isdigit()
    }
    return {"settings": settings, "common": _read(folder / "common.toml"), "tables": tables}


def _read(path: Path) -> Raw:
    if not path.is_file():
        return {}
    # Here, because a book opens by the snapshot it keeps.
    import tomllib

    try:
        with path.open("rb") as file:
            raw = tomllib.load(file, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(f"{path.parent.name}/{path.name}: {error}") from None
    _refuse_duplicates(path, raw)
    result: Raw = plain(raw)
    return result


def _refuse_duplicates(path: Path, raw: Raw, owner: str = "") -> None:
    """Refuses entries of a file, or choices of one of its fields, that have the same key."""
    for name, entries in raw.items():
        key = ENTRY_KEYS.get(name)
        if not key or not isinstance(entries, list) or name == "column":
            continue
        known = [entry for entry in entries if isinstance(entry, dict)]
        for value, count in Counter(str(entry.get(key)) for entry in known).items():
            if count > 1:
                line = _line_of(path, value, last=True) or _line_of(path, owner)
                place = f"{path.parent.name}/{path.name}: line {line}"
                inside = f"'{owner}': " if owner else ""
                raise DefinitionError(f"{place}: {inside}{name} '{value}' is defined {count} times")
        for entry in known:
            _refuse_duplicates(path, entry, str(entry.get(key)))


def _resolved(raw: Raw) -> Raw:
    tables = {id_: resolved_table(table, raw["common"]) for id_, table in raw["tables"].items()}
    return {"ruleset": raw["settings"], "tables": tables}


def _located(message: str, folder: Path, raw: Raw) -> str:
    """The message with the entry it is about, its file's line and the likeliest right word."""
    unknown = _UNKNOWN_KEY.search(message)
    word = unknown.group(1) if unknown else ""
    if unknown:
        message = with_suggestion(message, word, _known_keys())
    entry = _entry_at(message, raw)
    if entry and f"'{entry}'" not in message:
        message = f"{message} ('{entry}')"
    for path, sought in _places(message, folder, word, entry):
        line = _line_of(path, sought)
        if line:
            return f"{path.parent.name}/{path.name}: line {line}: {message.partition(': ')[2]}"
    return message


def _known_keys() -> list[str]:
    return sorted({name for struct in _STRUCTS for name in struct.__struct_encode_fields__})


def _entry_at(message: str, raw: Raw) -> str:
    """The key of the field, rule or other entry that a msgspec path points into."""
    path = _PATH.search(message)
    if not path:
        return ""
    file = Path(message.partition(":")[0]).stem
    node: Any = raw["tables"].get(file, raw["ruleset"])
    entry = ""
    for name, index in re.findall(r"\.(\w+)|\[(\d+)\]", path.group(1)):
        node = node.get(name) if name and isinstance(node, dict) else node
        if index and isinstance(node, list) and int(index) < len(node):
            node = node[int(index)]
        if isinstance(node, dict):
            entry = next(
                (str(node[k]) for k in ("key", "id", "code", "number") if k in node), entry
            )
    return entry


def _places(message: str, folder: Path, word: str, entry: str) -> Iterator[tuple[Path, str]]:
    """Files and words where the line of an error may be found, the likeliest first."""
    quoted = _QUOTED.search(message.partition(": ")[2])
    name = Path(message.partition(":")[0]).name
    files = [folder / name, folder / "common.toml"]
    files += [folder / f"{setting}.toml" for setting in _SETTINGS]
    for sought in filter(None, (word, entry, quoted.group(1) if quoted else "")):
        for path in files:
            yield path, sought


def _line_of(path: Path, sought: str, *, last: bool = False) -> int:
    if not path.is_file():
        return 0
    pattern = re.compile(rf'(^\s*{re.escape(sought)}\s*=|=\s*"?{re.escape(sought)}"?\s*$)')
    lines = path.read_text(encoding="utf-8").splitlines()
    numbers = [number for number, line in enumerate(lines, 1) if pattern.search(line)]
    return numbers[-1 if last else 0] if numbers else 0
