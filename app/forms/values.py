"""Values of fields: what is given, computed with, stored and shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from typing import Any

from app.forms.classes import BY_CODE, FiveClass
from app.forms.errors import ValueFault, likeliest
from app.forms.reported_date import ReportedDate, parse_reported_date, too_late_a_day
from app.forms.schema import FieldDef

Typed = Decimal | Fraction | ReportedDate | int | bool | str | tuple[str, ...] | FiveClass
Json = Any

AMOUNT_LIMIT = Decimal("1e15")
_PLAIN_MONEY = re.compile(r"\d{1,13}(?:\.\d{1,2})?")
_GROUPED = re.compile(r"[+-]?\d{1,4}(,\d{3,4})+(\.\d*)?")
_ISO_DAY = re.compile(r"(?:19|20|21)\d\d-\d\d-\d\d")
_YES = frozenset(("是", "有", "对", "true", "yes", "y", "1", "√"))
_NO = frozenset(("否", "无", "不", "false", "no", "n", "0", "×"))
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LIST_SEPARATORS = re.compile(r"[、,，;；\n]+")
_MANY_NONE = frozenset(("无", "[]", "none"))
LIMITS = {"text": 200, "long": 20000}


def clean(text: str) -> str:
    """Text with full-width forms made half-width and outer blanks gone."""
    return unicodedata.normalize("NFKC", text).strip()


def parse_amount(raw: Json) -> Decimal:
    """An amount in yuan from what people type: separators, ￥, 元, 万, full-width digits; exact."""
    if isinstance(raw, bool) or raw is None:
        raise ValueFault("E002", "金额")
    if isinstance(raw, float):
        raw = repr(raw)
    text = clean(str(raw)).replace(" ", "").strip("¥￥").removesuffix("元")
    scale = 1
    for unit, factor in (("亿", 10**8), ("万", 10**4)):
        if text.endswith(unit):
            text, scale = text.removesuffix(unit), factor
    if "," in text and not _GROUPED.fullmatch(text):
        raise ValueFault("E002", "金额（元，最多两位小数，小数点用“.”）")
    text = text.replace(",", "")
    if not text.isascii() or "_" in text:
        raise ValueFault("E002", "金额（元，最多两位小数）")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise ValueFault("E002", "金额（元，最多两位小数）") from None
    if not amount.is_finite() or abs(amount) >= AMOUNT_LIMIT / scale:
        raise ValueFault("E002", "金额（元，一千万亿以内）")
    return amount * scale


def _money(field: FieldDef) -> Callable[[Json], Typed]:
    may_be_negative = field.negative

    def parse(raw: Json) -> Typed:
        if type(raw) is str and _PLAIN_MONEY.fullmatch(raw):
            return Decimal(raw)
        amount = parse_amount(raw)
        if amount != amount.quantize(Decimal("0.01")):
            raise ValueFault("E005", "两位小数以内的金额")
        if amount < 0 and not may_be_negative:
            raise ValueFault("E004", "零或正数")
        return amount.quantize(Decimal("0.01")) + 0

    return parse


@lru_cache(maxsize=4096)
def stored_day(text: str) -> date | None:
    """The day of a text like 2006-12-31; None for anything else."""
    if not _ISO_DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _date(field: FieldDef) -> Callable[[Json], Typed]:
    expected = (
        "日期（如2006-12-31，可只写年月或年）" if field.month_allowed else "日期（如2006-12-31）"
    )

    def parse(raw: Json) -> Typed:
        if type(raw) is str and (day := stored_day(raw)) is not None:
            return ReportedDate(day)
        if isinstance(raw, date):
            return ReportedDate(raw.date() if isinstance(raw, datetime) else raw)
        text = clean(raw).replace(" ", "") if isinstance(raw, str) else ""
        found = parse_reported_date(text)
        if found is None or (found.precision != "day" and not field.month_allowed):
            why = too_late_a_day(text)
            raise ValueFault("E002", f"日期（{why}）" if why else expected)
        return found

    return parse


def _whole(field: FieldDef) -> Callable[[Json], Typed]:
    def parse(raw: Json) -> Typed:
        text = clean(str(raw))
        if isinstance(raw, bool) or not re.fullmatch(r"-?\d{1,9}(\.0+)?", text):
            raise ValueFault("E002", "整数")
        number = int(text.split(".")[0])
        if number < 0 and not field.negative:
            raise ValueFault("E004", "零或正数")
        if field.maximum is not None and number > field.maximum:
            raise ValueFault("E010", str(field.maximum))
        return number

    return parse


def _rate(field: FieldDef) -> Callable[[Json], Typed]:
    def parse(raw: Json) -> Typed:
        text = "" if isinstance(raw, bool) else clean(str(raw)).replace(",", "").replace(" ", "")
        percent = text.endswith("%")
        if not re.fullmatch(r"-?\d{1,9}(\.\d{1,12})?", text.removesuffix("%")):
            raise ValueFault("E002", "比率（如0.38或38%）")
        rate = Decimal(text.removesuffix("%"))
        rate = rate / 100 if percent else rate
        if rate < 0 and not field.negative:
            raise ValueFault("E004", "零或正数")
        if field.maximum is not None and rate > field.maximum:
            raise ValueFault("E010", str(field.maximum))
        return rate

    return parse


def _yes_no(field: FieldDef) -> Callable[[Json], Typed]:
    def parse(raw: Json) -> Typed:
        if raw is True or raw is False:
            return raw
        word = clean(str(raw)).lower()
        if word in _YES:
            return True
        if word in _NO:
            return False
        raise ValueFault("E002", "是或否")

    return parse


def choice_codes(field: FieldDef) -> dict[str, str]:
    """Every word that names a choice of the field: its codes and its labels, to the code."""
    words = {choice.code: choice.code for choice in field.choices}
    if field.type == "class5":
        words = {code: code for code in BY_CODE} | {c.label: c.value for c in FiveClass}
    return words | {clean(choice.label): choice.code for choice in field.choices}


def _unknown_choice(word: str, field: FieldDef, words: dict[str, str]) -> ValueFault:
    labels = [choice.label for choice in field.choices] or [c.label for c in FiveClass]
    near = likeliest(word, words)
    return ValueFault("E003", "、".join(labels) + (f"（是否指“{near}”）" if near else ""))


def _one(field: FieldDef) -> Callable[[Json], Typed]:
    words = choice_codes(field)

    def parse(raw: Json) -> Typed:
        code = words.get(raw) if type(raw) is str else None
        if code is None:
            word = clean(str(raw))
            code = words.get(word)
            if code is None:
                raise _unknown_choice(word, field, words)
        return code

    return parse


def _class5(field: FieldDef) -> Callable[[Json], Typed]:
    parse_code = _one(field)
    return lambda raw: BY_CODE[str(parse_code(raw))]


def _many(field: FieldDef) -> Callable[[Json], Typed]:
    parse_code = _one(field)
    order = {choice.code: place for place, choice in enumerate(field.choices)}
    nothing = _MANY_NONE | ({clean(field.none_label)} if field.none_label else set())

    def parse(raw: Json) -> Typed:
        if isinstance(raw, str):
            raw = [] if clean(raw) in nothing else [w for w in _LIST_SEPARATORS.split(raw) if w]
        if not isinstance(raw, (list, tuple)):
            raise ValueFault("E002", "列表")
        if not raw:
            return ()
        return tuple(sorted({str(parse_code(word)) for word in raw}, key=order.__getitem__))

    return parse


def _text(field: FieldDef) -> Callable[[Json], Typed]:
    limit = LIMITS.get(field.type, 40)

    def parse(raw: Json) -> Typed:
        if type(raw) is str and len(raw) <= limit and raw.isprintable():
            return raw.strip()
        if type(raw) is int:
            raw = str(raw)
        if not isinstance(raw, str):
            raise ValueFault("E002", "文字")
        if len(raw) > limit:
            raise ValueFault("E013", str(limit))
        if _CONTROL.search(raw):
            raise ValueFault("E002", "文字（不能有控制字符）")
        return raw.strip()

    return parse


_PARSERS: dict[str, Callable[[FieldDef], Callable[[Json], Typed]]] = {
    "text": _text,
    "long": _text,
    "code": _text,
    "money": _money,
    "date": _date,
    "int": _whole,
    "rate": _rate,
    "bool": _yes_no,
    "one": _one,
    "many": _many,
    "class5": _class5,
}


def parser(field: FieldDef) -> Callable[[Json], Typed]:
    """The function that reads values of this field; it raises ValueFault."""
    return _PARSERS[field.type](field)


def parse_value(field: FieldDef, raw: Json) -> Typed:
    """Reads one value of the field; ValueFault tells the problem code and what is expected."""
    return parser(field)(raw)


def is_empty(raw: Json) -> bool:
    """Whether a stored value is no answer (an empty list is one)."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def stored_value(field: FieldDef, typed: Typed) -> Json:
    """The value as books and packages keep it."""
    if isinstance(typed, FiveClass):
        return typed.value
    if isinstance(typed, ReportedDate):
        return typed.stored
    if field.type == "money" and isinstance(typed, (int, Decimal)):
        return f"{Decimal(typed):.2f}"
    if isinstance(typed, Decimal):
        return plain_decimal(typed)
    if isinstance(typed, Fraction):
        return ratio_text(typed)
    if isinstance(typed, tuple):
        return list(typed)
    return typed


def plain_decimal(number: Decimal) -> str:
    """A decimal without exponent or trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def half_up(number: Decimal | Fraction | int, places: int) -> Decimal:
    """The number rounded half up to so many decimals, exactly."""
    unit = Decimal(1).scaleb(-places)
    if isinstance(number, Fraction):
        scaled = abs(number) * 10**places + Fraction(1, 2)
        rounded = Decimal(scaled.numerator // scaled.denominator).scaleb(-places)
        return -rounded if number < 0 else rounded
    return Decimal(number).quantize(unit, ROUND_HALF_UP)


def ratio_text(rate: Fraction | Decimal | int, places: int = 4) -> str:
    """A ratio with four decimals, half up."""
    return f"{half_up(rate, places):f}"


def percent_text(rate: Fraction | Decimal | int) -> str:
    """A ratio as a percentage with two decimals: 29.85%."""
    return f"{half_up(Fraction(rate) * 100, 2):f}%"


def amount_text(amount: Decimal) -> str:
    """An amount with separators and two decimals."""
    return f"{amount:,.2f}"


def choice_label(field: FieldDef, code: str) -> str:
    """The label of a choice code."""
    return next((c.label for c in field.choices if c.code == code), code)


def shown_text(field: FieldDef, typed: Typed | date | None) -> str:
    """The value as a person reads it; empty for no value."""
    match typed:
        case None:
            return ""
        case bool():
            return "是" if typed else "否"
        case FiveClass():
            return typed.label
        case ReportedDate():
            return typed.shown
        case date():
            return typed.isoformat()
        case tuple():
            labels = [choice_label(field, code) for code in typed]
            return "、".join(labels) or field.none_label or "无"
        case Decimal() | Fraction() | int() if field.type == "money":
            return amount_text(half_up(typed, 2))
        case Decimal() | Fraction() | int() if field.type == "rate":
            return percent_text(typed)
        case Decimal() | Fraction():
            return plain_decimal(typed) if isinstance(typed, Decimal) else ratio_text(typed)
        case str() if field.type == "one":
            return choice_label(field, typed)
    return str(typed)
