"""Reading JSON that people and other programs hand in."""

from __future__ import annotations

import json
from typing import Any

LONGEST_NUMBER = 40
"""Digits; no amount is longer."""


class JsonFault(Exception):  # noqa: N818  (a fault of the text, not of the program)
    """The text is no JSON; the message says where, in Chinese."""


def read_json(raw: bytes) -> Any:
    """The document; numbers with a point stay text, so that amounts are exact."""
    try:
        return json.loads(
            raw.decode("utf-8-sig"), parse_float=str, parse_int=_whole, parse_constant=_refuse
        )
    except UnicodeDecodeError as error:
        raise JsonFault(f"第{error.start + 1}个字节不是 UTF-8") from None
    except json.JSONDecodeError as error:
        raise JsonFault(f"第{error.lineno}行第{error.colno}列不对") from None
    except RecursionError:
        raise JsonFault("层次太深") from None


def _whole(digits: str) -> int | str:
    """A whole number; one longer than any amount stays text, which no field takes."""
    return int(digits) if len(digits) <= LONGEST_NUMBER else digits


def _refuse(word: str) -> Any:
    raise JsonFault(f"不能有 {word}")
