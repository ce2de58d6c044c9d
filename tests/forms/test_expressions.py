"""The rule language: what it means, by a second interpreter; and what it refuses."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forms.conditions import Group
from app.forms.errors import ExpressionError
from app.forms.expressions import (
    MAX_DEPTH,
    MAX_LENGTH,
    Battery,
    Name,
    compile_condition,
    compile_formula,
)

CODES = frozenset({"a", "b", "c"})
NAMES = {
    "n1": Name("number"),
    "n2": Name("number"),
    "b1": Name("bool"),
    "b2": Name("bool"),
    "t1": Name("text", CODES, {"a": "甲", "b": "乙", "c": "丙"}),
    "t2": Name("text"),
    "d1": Name("date"),
    "d2": Name("date"),
    "m1": Name("list", frozenset({"x", "y"}), {"x": "子", "y": "丑"}),
}
Values = dict[str, Any]

# ---------------------------------------------------------------- a second interpreter


def names_in(node: ast.AST) -> set[str]:
    """The fields that a part of an expression reads."""
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and n.id in NAMES}


def value(node: ast.expr, values: Values, text: str) -> Any:
    """What a part is worth: numbers as fractions, None where it is absent."""
    match node:
        case ast.Constant(value=bool() | str() as constant):
            return constant
        case ast.Constant():
            return Fraction(ast.get_source_segment(text, node) or "")
        case ast.Name(id="none"):
            return None
        case ast.Name():
            found = values[node.id]
            return Fraction(found) if isinstance(found, (int, Decimal)) and not isinstance(
                found, bool
            ) else found  # fmt: skip
        case ast.UnaryOp(op=ast.USub()):
            return -value(node.operand, values, text)
        case ast.BinOp():
            return arithmetic(node, values, text)
        case ast.IfExp():
            held = kleene(node.test, values, set(), text)
            return value(node.body if held else node.orelse, values, text)
        case ast.Call(func=ast.Name(id=name)):
            return call(name, [value(part, values, text) for part in node.args])
    return kleene(node, values, set(), text)


def arithmetic(node: ast.BinOp, values: Values, text: str) -> Fraction | None:
    """A sum counts absent amounts as 0; a product or ratio of one is absent."""
    left, right = value(node.left, values, text), value(node.right, values, text)
    if isinstance(node.op, (ast.Add, ast.Sub)):
        sign = 1 if isinstance(node.op, ast.Add) else -1
        return Fraction(left or 0) + sign * Fraction(right or 0)
    if left is None or right is None or (isinstance(node.op, ast.Div) and not right):
        return None
    return Fraction(left * right if isinstance(node.op, ast.Mult) else left / right)


def call(name: str, parts: list[Any]) -> Any:
    """The functions of the language."""
    there = [part for part in parts if part is not None]
    match name:
        case "max":
            return max(there, default=None)
        case "min":
            return min(there, default=None)
        case "days":
            return Fraction((parts[1] - parts[0]).days) if len(there) == 2 else None
        case "fen":
            return Fraction(int(parts[0] * 100 + Fraction(1, 2) - (parts[0] < 0)), 100) if (
                there and parts[0] >= 0
            ) else parts[0] and -call("fen", [-parts[0]])  # fmt: skip
        case "filled":
            return parts[0] not in (None, (), "")
    raise AssertionError(name)


SIGNS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def kleene(
    node: ast.expr, values: Values, unknown: set[str], text: str, *, negate: bool = False
) -> bool | None:
    """Three-valued truth; a negation goes inwards, what compares an absent value never holds."""

    def joined(parts: list[bool | None], *, every: bool) -> bool | None:
        if every:
            return False if False in parts else None if None in parts else True
        return True if True in parts else None if None in parts else False

    match node:
        case ast.BoolOp():
            every = isinstance(node.op, ast.And) is not negate
            parts = [kleene(p, values, unknown, text, negate=negate) for p in node.values]
            return joined(parts, every=every)
        case ast.UnaryOp(op=ast.Not()):
            return kleene(node.operand, values, unknown, text, negate=not negate)
        case ast.Compare() if len(node.ops) > 1:
            lefts = [node.left, *node.comparators[:-1]]
            pairs = zip(lefts, node.ops, node.comparators, strict=True)
            singles = [ast.Compare(left, [op], [right]) for left, op, right in pairs]
            parts = [kleene(p, values, unknown, text, negate=negate) for p in singles]
            return joined(parts, every=not negate)
    if names_in(node) & unknown:
        return None
    return atom(node, values, text) if not negate else negated(node, values, text)


def atom(node: ast.expr, values: Values, text: str) -> bool:
    """One comparison, question or test that holds; absent: it does not."""
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return compared(left, op, right, values, text)
        case ast.Call(func=ast.Name(id="filled")):
            return bool(value(node, values, text))
    return value(node, values, text) is True


def negated(node: ast.expr, values: Values, text: str) -> bool:
    """The opposite of an atom; absent: it does not hold either."""
    match node:
        case ast.Compare(left=left, comparators=[right]):
            if None in (
                value_or_members(left, values, text),
                value_or_members(right, values, text),
            ):
                return False
            return not atom(node, values, text)
        case ast.Call(func=ast.Name(id="filled")) | ast.Constant():
            return not atom(node, values, text)
    return value(node, values, text) is False


def value_or_members(node: ast.expr, values: Values, text: str) -> Any:
    """The value of one side of a comparison, lists of constants too."""
    if isinstance(node, (ast.List, ast.Tuple)):
        return [value(part, values, text) for part in node.elts]
    return value(node, values, text)


def compared(left: ast.expr, op: ast.cmpop, right: ast.expr, values: Values, text: str) -> bool:
    """Whether a comparison of two sides that are there holds."""
    first, second = value_or_members(left, values, text), value_or_members(right, values, text)
    if first is None or second is None:
        return False
    if isinstance(op, (ast.In, ast.NotIn)):
        return (first in second) is isinstance(op, ast.In)
    return SIGNS[type(op)](first, second)


# ---------------------------------------------------------------- random expressions

NUMBER = st.sampled_from(["0", "1", "3", "0.1", "0.30", "2.5", "100", "-1"])


def number_terms(depth: int) -> st.SearchStrategy[str]:
    """Terms that give a number."""
    leaf = NUMBER | st.sampled_from(["n1", "n2", "days(d1, d2)"])
    if not depth:
        return leaf
    inner = number_terms(depth - 1)
    return (
        leaf
        | st.builds("({} {} {})".format, inner, st.sampled_from("+-"), inner)
        | st.builds("({} * {})".format, inner, NUMBER)
        | st.builds("{}({}, {})".format, st.sampled_from(["max", "min"]), inner, inner)
    )


def conditions(depth: int) -> st.SearchStrategy[str]:
    """Conditions of every kind."""
    sign = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    terms = number_terms(1)
    leaf = (
        st.builds("{} {} {}".format, terms, sign, terms)
        | st.builds("{} {} {} {} {}".format, terms, sign, terms, sign, terms)
        | st.builds("d1 {} d2".format, sign)
        | st.builds('t1 {} "{}"'.format, st.sampled_from(["==", "!="]), st.sampled_from("abc"))
        | st.builds(
            't1 {} ["a", "{}"]'.format, st.sampled_from(["in", "not in"]), st.sampled_from("bc")
        )
        | st.builds("n1 in [0, 0.1, {}]".format, NUMBER)
        | st.builds('"{}" {} m1'.format, st.sampled_from("xy"), st.sampled_from(["in", "not in"]))
        | st.builds("filled({})".format, st.sampled_from(["n1", "t1", "t2", "m1", "d1", "b1"]))
        | st.sampled_from(["b1", "b2", "True", "False"])
    )
    if not depth:
        return leaf
    inner = conditions(depth - 1)
    joined = st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner)
    return leaf | joined | st.builds("not ({})".format, inner)


def formulas(depth: int) -> st.SearchStrategy[str]:
    """Computed numbers, with ratios, cents and branches."""
    leaf = number_terms(1)
    if not depth:
        return leaf
    inner = formulas(depth - 1)
    return (
        leaf
        | st.builds("({} / {})".format, inner, inner)
        | st.builds("fen({})".format, inner)
        | st.builds("({} if {} else {})".format, inner, conditions(1), inner)
        | st.builds("({} if {} else none)".format, inner, conditions(0))
        | st.builds("max({}, {})".format, inner, inner)
    )


MONEY = st.none() | st.decimals(-100, 100, places=2)
VALUES: st.SearchStrategy[Values] = st.fixed_dictionaries(
    {
        "n1": MONEY,
        "n2": MONEY | st.integers(-5, 5),
        "b1": st.none() | st.booleans(),
        "b2": st.none() | st.booleans(),
        "t1": st.none() | st.sampled_from("abc"),
        "t2": st.none() | st.sampled_from(["", "文"]),
        "d1": st.none() | st.dates(date(2000, 1, 1), date(2000, 3, 1)),
        "d2": st.none() | st.dates(date(2000, 1, 1), date(2000, 3, 1)),
        "m1": st.none() | st.sampled_from([(), ("x",), ("x", "y")]),
    }
)
OPEN = st.sets(st.sampled_from(sorted(NAMES)))


@given(conditions(3), VALUES, OPEN)
def test_conditions_mean_what_the_second_interpreter_says(
    text: str, values: Values, unknown: set[str]
) -> None:
    condition = compile_condition(text, NAMES)
    tree = ast.parse(text, mode="eval").body
    assert condition.judge(values, unknown) is kleene(tree, values, unknown, text)
    assert condition.holds(values) is kleene(tree, values, set(), text)
    assert condition.tree.judge(values, set()) is condition.holds(values)
    assert condition.reads == names_in(tree)


@given(conditions(3), VALUES, OPEN, VALUES)
def test_a_verdict_stands_whatever_the_open_fields_turn_out_to_be(
    text: str, values: Values, unknown: set[str], later: Values
) -> None:
    condition = compile_condition(text, NAMES)
    verdict = condition.judge(values, unknown)
    if verdict is not None:
        assert condition.holds(values | {key: later[key] for key in unknown}) is verdict


@given(conditions(2), conditions(2), VALUES, OPEN)
def test_negation_goes_inwards(first: str, second: str, values: Values, unknown: set[str]) -> None:
    for outer, inner in (("and", "or"), ("or", "and")):
        left = compile_condition(f"not (({first}) {outer} ({second}))", NAMES)
        right = compile_condition(f"(not ({first})) {inner} (not ({second}))", NAMES)
        assert left.judge(values, unknown) is right.judge(values, unknown)
    twice = compile_condition(f"not (not ({first}))", NAMES)
    assert twice.judge(values, unknown) is compile_condition(first, NAMES).judge(values, unknown)


@given(conditions(3))
def test_the_tree_is_of_groups_and_atoms_only(text: str) -> None:
    tree = compile_condition(text, NAMES).tree
    for atom_ in tree.atoms():
        assert not isinstance(atom_, Group)
    for group in [part for part in getattr(tree, "parts", ()) if isinstance(part, Group)]:
        assert len(group.parts) >= 2


@given(st.lists(conditions(2), max_size=5), VALUES, OPEN)
def test_a_battery_judges_as_its_conditions_do(
    texts: list[str], values: Values, unknown: set[str]
) -> None:
    compiled = [compile_condition(text, NAMES) for text in texts]
    verdicts = Battery(compiled).judge(values, unknown)
    assert list(verdicts) == [condition.judge(values, unknown) for condition in compiled]


@given(formulas(3), VALUES)
def test_formulas_are_worth_what_the_second_interpreter_says(text: str, values: Values) -> None:
    formula = compile_formula(text, NAMES)
    wanted = value(ast.parse(text, mode="eval").body, values, text)
    found = formula.value(values)
    assert (None if found is None else Fraction(found)) == wanted
    assert formula.type in ("number", "none")


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("0.1 + 0.2", "0.3"),
        ("0.1 * 3", "0.3"),
        ("1 - 0.9", "0.1"),
        ("100000.01 * 0.3", "30000.003"),
        ("fen(100000.01 * 0.3)", "30000.00"),
        ("fen(0.005)", "0.01"),
        ("fen(1 / 3)", "0.33"),
        ("fen(2 / 3)", "0.67"),
        ("fen(-0.005)", "-0.01"),
        ("9999999999999.99 + 0.01", "10000000000000"),
        ("1 / 3 * 3", "1"),
    ],
)
def test_decimals_are_exact(text: str, result: str) -> None:
    assert Fraction(compile_formula(text, {}).value({})) == Fraction(result)


def test_a_tenth_is_a_tenth() -> None:
    condition = compile_condition("n1 + n2 == 0.3", NAMES)
    assert condition.holds({"n1": Decimal("0.1"), "n2": Decimal("0.2")})
    assert not condition.holds({"n1": Decimal("0.1"), "n2": Decimal("0.20000000000000001")})


def test_true_or_open_holds_false_and_open_does_not() -> None:
    values = {"b1": True, "b2": None, "n1": None}
    for text, verdict in (
        ("b1 or b2", True),
        ("b2 or b1", True),
        ("not b1 and b2", False),
        ("b2 and not b1", False),
        ("b1 and b2", None),
        ("not b2", None),
        ("filled(b2)", None),
        ("b2 and n1 > 3", False),
        ("b2 or n1 > 3", None),
    ):
        assert compile_condition(text, NAMES).judge(values, {"b2"}) is verdict, text


def test_dates_and_labels_in_formulas() -> None:
    values = {"d1": date(2006, 1, 31), "d2": date(2006, 2, 28), "t1": "b", "n1": None}
    for text, result in (
        ("max(d1, d2)", date(2006, 2, 28)),
        ("min(d1, d2)", date(2006, 1, 31)),
        ("months(d1, d2)", 1),
        ("days(d1, d2)", 28),
        ("days(max(d1, d2), d2)", 0),
        ("label(t1)", "乙"),
        ("none", None),
        ("n1 if filled(n1) else none", None),
    ):
        assert compile_formula(text, NAMES).value(values) == result, text


# ---------------------------------------------------------------- what is refused

HOSTILE = [
    "__import__('os').system('true')",
    "().__class__.__bases__",
    "n1.__class__",
    "n1.real > 0",
    "d1.year == 2000",
    "(lambda: 1)() == 1",
    "[x for x in [1]] == 1",
    "{'a': 1} == 1",
    "{1, 2} == 1",
    "f'{n1}' == 't'",
    "open('x') == 1",
    "eval('1') == 1",
    "exec('1')",
    "getattr(n1, 'real') == 1",
    "print(n1)",
    "n1 := 3",
    "(n1 := 3) == 3",
    "n1 ** 99999999 > 0",
    "n1 // 2 > 0",
    "n1 % 2 == 0",
    "n1 << 3 > 0",
    "n1 @ n2 > 0",
    "~n1 > 0",
    "n1 / n2 > 0",
    "'a' * 100 == 'a'",
    "t1 + 'a' == 'b'",
    "m1[0] == 'x'",
    "n1[0] > 0",
    "*m1",
    "yield n1",
    "await n1",
    "n1 is None",
    "n1 is not None",
    "b1 if b2 else b1",
    "...",
    "None == n1",
    "b'a' == t1",
    "1j == n1",
    "max(m1) > 0",
    "max(*m1) > 0",
    "max(n1, key=n2) > 0",
    "days(n1, n2) > 0",
    "days(d1) > 0",
    "days(d1, d2, d1) > 0",
    "months(d1, d2) > 0",
    "fen(n1) > 0",
    "label(t1) == 'a'",
    "max(d1, d2) > d1",
    "filled()",
    "filled(n1, n2)",
    "filled(n1=1)",
    "abs(n1) > 0",
    "n1 in m1",
    "n1 in [n2]",
    "n1 in []",
    "t1 in t2",
    "v['n1'] > 0",
    "_days(d1, d2) > 0",
    "Decimal('1') > n1",
    "n1 > 1_0 if b1 else b2",
    "",
    "   ",
    "n1 >",
    "n1 = 3",
    "n1; n2",
    "n1 > 0\nimport os",
    "import os",
    "n1",
    "t1",
    "3",
    "'a'",
    "n1 + n2",
    "m1",
    "not n1",
    "-b1 > 0",
    "none == n1",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_condition_refuses(text: str) -> None:
    with pytest.raises(ExpressionError):
        compile_condition(text, NAMES)


HOSTILE_FORMULAS = [
    text
    for text in HOSTILE
    if not any(w in text for w in ("/ n2", "months", "fen(", "label(", "max(d1", "if b2"))
    and text not in ("n1", "t1", "3", "'a'", "n1 + n2", "m1", "not n1", "n1 > 1_0 if b1 else b2")
]


@pytest.mark.parametrize("text", [*HOSTILE_FORMULAS, "not n1", "label(n1)", "label(t2)", "fen(t1)"])
def test_a_formula_refuses(text: str) -> None:
    with pytest.raises(ExpressionError):
        compile_formula(text, NAMES)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nn1 > 1", ["column 1", "unknown field 'nn1'", "did you mean 'n1'"]),
        ("b1 and overdu > 1", ["column 8", "unknown field 'overdu'"]),
        ("t1 == 'd'", ["'d' is no choice of 't1'"]),
        ("t1 in ['a', 'e']", ["'e' is no choice of 't1'"]),
        ("'z' in m1", ["'z' is no choice of 'm1'"]),
        ("n1 == 'a'", ["a number can't be compared with a text"]),
        ("t1 > 'a'", ["'>' needs numbers or dates"]),
        ("b1 == 1", ["a bool can't be compared with a number"]),
        ("d1 > 3", ["a date can't be compared with a number"]),
        ("m1 == 'x'", ["a list can't be compared with a text"]),
        ("n1 > 0 and", ["not an expression"]),
        ("n1", ["'n1' is not a yes/no field"]),
        ("day(d1, d2) > 3", ["'day' is not allowed here", "did you mean 'days'"]),
        ("n1.x > 3", ["Attribute is not allowed"]),
        ("n1 + t1 > 3", ["arithmetic needs numbers"]),
        ("n1 / 2 > 3", ["only + - *"]),
        ("1 if b1 else 2 > 3", ["not a yes/no condition"]),
    ],
)
def test_an_error_says_where_and_what(text: str, words: list[str]) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_condition(text, NAMES)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_branches_must_agree() -> None:
    with pytest.raises(ExpressionError, match="branches differ"):
        compile_formula("n1 if b1 else t1", NAMES)


def test_too_long_and_too_deep() -> None:
    with pytest.raises(ExpressionError, match="longer than"):
        compile_condition("n1 > 0 or " * 300 + "b1", NAMES)
    assert len("n1 > 0 or " * 300) > MAX_LENGTH
    with pytest.raises(ExpressionError, match="nested deeper"):
        compile_condition("not " * (MAX_DEPTH + 1) + "b1", NAMES)
    with pytest.raises(ExpressionError):
        compile_condition("(" * 900 + "b1" + ")" * 900, NAMES)
    assert compile_condition("not " * 20 + "b1", NAMES).holds({"b1": True})


@given(st.text(max_size=40))
def test_any_text_is_an_expression_or_an_error(text: str) -> None:
    for compile_ in (compile_condition, compile_formula):
        try:
            compile_(text, NAMES)
        except ExpressionError as error:
            message = str(error)
        else:
            message = "compiled"
        assert message


TOKENS = [
    "n1", "n2", "b1", "t1", "d1", "m1", "none", "True", "1", "0.5", "'a'", "'x'", "v", "Decimal",
    "(", ")", "[", "]", ",", ".", ":", "+", "-", "*", "/", "==", "!=", "<", ">", "in", "not",
    "and", "or", "if", "else", "lambda", "days", "max", "fen", "filled", "label", "__class__",
]  # fmt: skip


@given(st.lists(st.sampled_from(TOKENS), max_size=12))
def test_only_what_is_named_is_ever_read(tokens: list[str]) -> None:
    text = " ".join(tokens)
    try:
        formula = compile_formula(text, NAMES)
    except ExpressionError:
        return
    assert formula.reads <= set(NAMES)
    formula.value(dict.fromkeys(NAMES))
