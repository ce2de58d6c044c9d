"""Opinions in bulk: reading the files of `wuji review` and `wuji determine`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.forms.errors import likeliest
from app.intake.cells import Sheet, address, cell_text, is_blank, word_key
from app.intake.workbook import read_sheets
from app.union.errors import UnionError

Json = Any
VALUATIONS = {
    "market_value": "市场价值",
    "investee_equity": "被投资单位净资产",
    "estimated_price": "估计售价",
    "disposal_costs": "处置费用",
    "disposal_taxes": "处置税费",
}
"""What the union may value otherwise than the office; which of them a row has, its table says."""
KEYS = (
    "institution", "id", "class", "loss", "reason", "department_opinion", "site_check",
    "audit_opinion", "vote", "minutes", "valuations", "marks", "version",
)  # fmt: skip
_HEADS = {
    "institution": ("机构", "机构代码", "所属机构"),
    "id": ("编号", "资产编号", "程序编号"),
    "class": ("类别", "初审意见", "认定结果", "风险类别"),
    "loss": ("预计损失", "损失"),
    "reason": ("理由", "初审理由", "认定理由"),
    "department_opinion": ("归口部门审核意见", "归口部门意见"),
    "site_check": ("现场核查记录", "现场核查"),
    "audit_opinion": ("审计意见",),
    "vote": ("表决", "表决情况"),
    "minutes": ("会议纪要", "纪要"),
    "marks": ("要补正的", "补正"),
    "version": ("版本",),
}
_PASSED_OVER = ("附表", "资产名称", "账面金额", "程序建议", "初分意见", "table", "name")
_SEARCHED_ROWS = 20
_MARKS = re.compile(r"[;；\n]")


@dataclass(frozen=True)
class Entry:
    """What somebody wants to say of one row; None and empty: nothing about that."""

    id: str
    place: str
    """Where it stands, for messages."""
    institution: str = ""
    class_: Json = None
    loss: Json = None
    reason: str = ""
    department_opinion: str = ""
    site_check: str = ""
    audit_opinion: str = ""
    vote: str = ""
    votes: tuple[int, int] | None = None
    """For and against, where the vote was given in numbers."""
    minutes: Path | None = None
    valuations: Mapping[str, Json] = field(default_factory=dict)
    marks: tuple[tuple[str, str], ...] | None = None
    """Field and note; an empty tuple takes a return back that has not been sent."""
    version: int | None = None
    """The row's version that was looked at; another one is a conflict."""

    @property
    def has_layer(self) -> bool:
        """Whether it brings values of the union's own."""
        return bool(self.valuations) or self.loss is not None


def read_entries(path: Path) -> list[Entry]:
    """The entries of a file (.json, .xlsx, .csv); UnionError names the first faulty place."""
    if not path.is_file():
        raise UnionError(f"找不到文件 {path}。请核对文件名。")
    if path.suffix.lower() == ".json":
        raw = _from_json(path)
    else:
        raw = [one for sheet in read_sheets(path) for one in _from_sheet(sheet)]
    if not raw:
        raise UnionError(f"{path.name} 里没有一条意见：要有 id 一栏。")
    entries = [_entry(place, one, path.parent) for place, one in raw]
    seen: dict[str, str] = {}
    for entry in entries:
        if entry.id in seen:
            raise UnionError(
                f"{path.name}：资产{entry.id}在{seen[entry.id]}和{entry.place}各有一条。请只留一条。"
            )
        seen[entry.id] = entry.place
    return entries


def _from_json(path: Path) -> list[tuple[str, Mapping[str, Json]]]:
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"), parse_float=str)
    except UnicodeDecodeError:
        raise UnionError(f"{path.name} 不是 UTF-8 编码的 JSON。请另存为 UTF-8。") from None
    except json.JSONDecodeError as error:
        raise UnionError(
            f"{path.name} 第{error.lineno}行第{error.colno}列不是正确的 JSON，请改正。"
        ) from None
    except RecursionError:
        raise UnionError(f"{path.name} 层次太深，读不了。请重新制作。") from None
    listed = [content] if isinstance(content, dict) else content
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise UnionError(f"{path.name} 应是一组对象，每笔资产一个。")
    return [(f"第{number}条", one) for number, one in enumerate(listed, 1)]


def _from_sheet(sheet: Sheet) -> Iterator[tuple[str, Mapping[str, Json]]]:
    words = {word_key(w): key for key, heads in _HEADS.items() for w in (key, *heads)}
    values = {word_key(w): key for key, label in VALUATIONS.items() for w in (key, label)}
    head = next(
        (n for n, row in enumerate(sheet.rows[:_SEARCHED_ROWS])
         if any(words.get(word_key(cell_text(cell))) == "id" for cell in row)),
        None,
    )  # fmt: skip
    if head is None or sheet.hidden:
        return
    columns = dict(_columns(sheet, head, words, values))
    for number in range(head + 1, len(sheet.rows)):
        row = sheet.rows[number]
        found: dict[str, Json] = {}
        for place, (key, part) in columns.items():
            cell = row[place] if place < len(row) else ""
            if is_blank(cell):
                continue
            # Binary noise of numbers lies far behind the fen.
            text = cell_text(round(cell, 6) if isinstance(cell, float) else cell)
            if part:
                found.setdefault("valuations", {})[part] = text
            else:
                found[key] = _marks_in(text) if key == "marks" else text
        if found.get("id"):
            yield f"{sheet.name}第{number + 1}行", found


def _columns(
    sheet: Sheet, head: int, words: Mapping[str, str], values: Mapping[str, str]
) -> Iterator[tuple[int, tuple[str, str]]]:
    passed_over = {word_key(word) for word in _PASSED_OVER}
    for place, cell in enumerate(sheet.rows[head]):
        word = word_key(cell_text(cell))
        if not word or word in passed_over:
            continue
        if word in words:
            yield place, (words[word], "")
        elif word in values:
            yield place, ("valuations", values[word])
        else:
            near = likeliest(cell_text(cell), [*_HEADS, *VALUATIONS, *_PASSED_OVER])
            hint = f"是否指“{near}”？" if near else "请改名或删去。"
            where = address(head, place)
            raise UnionError(f"{sheet.file} {where}：不认识“{cell_text(cell)}”这一栏。{hint}")


def _marks_in(text: str) -> list[dict[str, str]]:
    found = []
    for part in filter(str.strip, _MARKS.split(text)):
        name, _, note = part.replace("：", ":").partition(":")
        found.append({"field": name.strip(), "note": note.strip()})
    return found


def _entry(place: str, raw: Mapping[str, Json], folder: Path) -> Entry:
    for key in raw:
        if key not in KEYS:
            near = likeliest(key, KEYS)
            raise UnionError(
                f"{place}：不认识“{key}”。{f'是否指“{near}”？' if near else '请去掉。'}"
            )
    row_id = raw.get("id")
    if not isinstance(row_id, str) or not row_id.strip():
        raise UnionError(f"{place}：缺少资产编号 id，请补上。")
    text = {
        key: _text(place, key, raw.get(key))
        for key in ("institution", "reason", "department_opinion", "site_check", "audit_opinion")
    }
    vote, votes = _vote(place, raw.get("vote"))
    return Entry(
        id=row_id.strip(),
        place=place,
        **text,
        class_=raw.get("class"),
        loss=raw.get("loss"),
        vote=vote,
        votes=votes,
        minutes=_minutes(place, raw.get("minutes"), folder),
        valuations=_valuations(place, raw.get("valuations")),
        marks=_marks(place, raw["marks"]) if "marks" in raw else None,
        version=_version(place, raw.get("version")),
    )


def _text(place: str, key: str, value: Json) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise UnionError(f"{place}：{key} 应为文字。")
    return value.strip()


def _vote(place: str, value: Json) -> tuple[str, tuple[int, int] | None]:
    if value is None or isinstance(value, str):
        return (value or "").strip(), None
    words = {"for": "同意", "against": "反对", "abstain": "弃权"}
    given = value if isinstance(value, dict) else {}
    counts = {key: given.get(key, 0) for key in words}
    if not given or not given.keys() <= words.keys() or not all(map(_is_count, counts.values())):
        raise UnionError(f"{place}：vote 应为文字，或写明 for、against、abstain 各几票。")
    said = "，".join(f"{words[key]}{counts[key]}票" for key in words)
    return said, (counts["for"], counts["against"])


def _is_count(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10_000


def _minutes(place: str, value: Json, folder: Path) -> Path | None:
    if value in (None, ""):
        return None
    path = folder / value if isinstance(value, str) else None
    if path is None or not path.is_file():
        raise UnionError(
            f"{place}：找不到会议纪要“{value}”。请核对路径，从意见文件所在的文件夹算起。"
        )
    return path


def _valuations(place: str, value: Json) -> Mapping[str, Json]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise UnionError(f"{place}：valuations 应为 字段: 数值。")
    for key in value:
        if key not in VALUATIONS:
            known = "、".join(f"{name}（{label}）" for name, label in VALUATIONS.items())
            raise UnionError(f"{place}：联社不能另定“{key}”。可以另定的有：{known}。")
    return value


def _marks(place: str, value: Json) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list):
        raise UnionError(f"{place}：marks 应为一组 field 和 note。")
    found = []
    for one in value:
        if not isinstance(one, dict) or one.keys() - {"field", "note"}:
            raise UnionError(f"{place}：marks 的每一条应只有 field 和 note。")
        name, note = (_text(place, key, one.get(key)) for key in ("field", "note"))
        if not name or not note:
            raise UnionError(f"{place}：marks 的每一条要写明哪个字段（field）、什么问题（note）。")
        found.append((name, note))
    return tuple(found)


def _version(place: str, value: Json) -> int | None:
    if value in (None, ""):
        return None
    text = str(value)
    if isinstance(value, bool) or not text.isdecimal() or len(text) > 9:
        raise UnionError(f"{place}：version 应为整数。")
    return int(text)
