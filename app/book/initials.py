"""Pinyin initials of names, made when a row is saved, so that searching needs no dictionary."""

from __future__ import annotations

from functools import lru_cache

# Surnames that the dictionary reads as the everyday word.
SURNAMES = {
    "单": "s", "仇": "q", "翟": "z", "覃": "q", "区": "o", "查": "z", "曾": "z", "盖": "g",
    "朴": "p", "任": "r", "解": "x", "尉": "y", "乐": "y", "员": "y", "缪": "m", "种": "c",
    "召": "s", "秘": "b", "冼": "x", "洗": "x", "祭": "z", "重": "c", "折": "s", "句": "g",
    "黑": "h", "盛": "s", "臧": "z", "隗": "w", "牟": "m", "宓": "m", "佴": "n", "逄": "p",
    "繁": "p", "便": "p", "长": "z", "呙": "g", "郇": "x", "燕": "y", "訾": "z", "麴": "q",
    "庹": "t", "车": "c", "万": "w", "葛": "g", "应": "y", "华": "h", "宁": "n", "哈": "h",
}  # fmt: skip
LONGEST_PERSON = 4
"""Only so short a name is taken for a person's."""
_NOT_PERSONS = frozenset(
    ("单位", "单据", "区域", "重庆", "长春", "长期", "华夏", "万元", "任务", "应收")
)


@lru_cache(maxsize=65536)
def initials(name: str) -> str:
    """The first letters of a text: 农村信用社 → ncxys; Latin letters and digits stay, blanks go."""
    if name.isascii():
        return "".join(name.lower().split())
    from pypinyin import Style, lazy_pinyin

    letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
    letters = "".join(letters.lower().split())
    surname = SURNAMES.get(name[0])
    if surname and _looks_like_person(name):
        return surname + letters[1:]
    return letters


def readings(name: str) -> set[str]:
    """The initials a name may be looked for by: 单国强借款 → dgqjk, sgqjk."""
    letters = initials(name)
    surname = SURNAMES.get(name[0])
    return {letters, surname + letters[1:]} if surname else {letters}


def _looks_like_person(name: str) -> bool:
    return 2 <= len(name) <= LONGEST_PERSON and name[:2] not in _NOT_PERSONS
