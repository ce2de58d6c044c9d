"""The rule language: a small subset of Python expressions, type-checked and compiled once."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from msgspec import Struct, field

from app.forms import conditions
from app.forms.conditions import Atom, Group, Threshold, Values
from app.forms.errors import ExpressionError, with_suggestion
from app.forms.values import half_up

MAX_LENGTH = 2000
MAX_DEPTH = 30

_RUNTIME: dict[str, Any] = {
    "Decimal": Decimal,
    "_add": conditions.add,
    "_sub": conditions.subtract,
    "_mul": conditions.multiply,
    "_div": conditions.divide,
    "_max": conditions.largest,
    "_min": conditions.smallest,
    "_days": conditions.days_between,
    "_months": conditions.months_between,
    "_filled": conditions.is_filled,
    "_fen": lambda value: None if value is None else half_up(value, 2),
    "__builtins__": {},
}
_COMPARISONS = {
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Lt: ("<", ">="),
    ast.LtE: ("<=", ">"),
    ast.Gt: (">", "<="),
    ast.GtE: (">=", "<"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}
_PLAIN = {"_add": "+", "_sub": "-"}
_ARITHMETIC = {ast.Add: "_add", ast.Sub: "_sub", ast.Mult: "_mul", ast.Div: "_div"}


class Name(Struct, frozen=True):
    """What an expression may read: its type and, for choices, the codes it may hold."""

    type: str
    """number, text, bool, date or list."""
    codes: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)
    ratio: bool = False
    """Whether a number may be an exact ratio, which does not mix with decimals."""


class Term(Struct, frozen=True):
    """A compiled part of a value expression."""

    source: str
    type: str
    reads: frozenset[str] = frozenset()
    name: str = ""
    constant: Any = None
    ratio: bool = False


class Formula(Struct, frozen=True):
    """A compiled value expression."""

    source: str
    type: str
    reads: frozenset[str]
    value: Callable[[Values], Any]


def compile_condition(text: str, names: Mapping[str, Name]) -> Condition:
    """Compiles a rule's condition; ExpressionError names the column of what is wrong."""
    tree = _Compiler(text, names, formulas=False).condition(_parse(text), negate=False)
    return Condition(text, tree, tree.reads, _function(tree.source))


def compile_formula(text: str, names: Mapping[str, Name]) -> Formula:
    """Compiles a value expression (computed, default, minimum, show)."""
    term = _Compiler(text, names, formulas=True).term(_parse(text))
    return Formula(text, term.type, term.reads, _function(term.source))


class Condition(Struct, frozen=True):
    """A compiled condition: a fast two-valued function, and the tree for three values."""

    source: str
    tree: Atom | Group
    reads: frozenset[str]
    holds: Callable[[Values], bool]

    def judge(self, values: Values, open_fields: set[str]) -> bool | None:
        """True, false, or None when it depends on an open field."""
        if open_fields and not self.reads.isdisjoint(open_fields):
            return self.tree.judge(values, open_fields)
        return self.holds(values)


def _or_zero(term: Term) -> str:
    return term.source if term.constant is not None else f"({term.source} or 0)"


class Battery:
    """Conditions judged together: one compiled function while nothing they read is open."""

    def __init__(self, conditions: Sequence[Condition]) -> None:
        self.conditions = tuple(conditions)
        self.reads = frozenset().union(*(c.reads for c in conditions))
        sources = "".join(f"{condition.tree.source}, " for condition in conditions)
        self._all: Callable[[Values], tuple[bool, ...]] = _function(f"({sources})")

    def judge(self, values: Values, open_fields: set[str]) -> Sequence[bool | None]:
        """The verdict on each condition, in order."""
        if open_fields and not self.reads.isdisjoint(open_fields):
            return [condition.judge(values, open_fields) for condition in self.conditions]
        return self._all(values)


def _parse(text: str) -> ast.expr:
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"longer than {MAX_LENGTH} characters")
    try:
        body = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        column = getattr(error, "offset", 1) or 1
        raise ExpressionError(f"column {column}: not an expression: '{text}'") from None
    if _depth(body) > MAX_DEPTH:
        raise ExpressionError(f"nested deeper than {MAX_DEPTH}")
    return body


def _depth(node: ast.AST) -> int:
    level, depth = [node], 0
    while level:
        depth += 1
        level = [child for parent in level for child in ast.iter_child_nodes(parent)]
    return depth


def _function(source: str) -> Callable[[Values], Any]:
    # Only text that this module generated from white-listed nodes gets here.
    return eval(f"lambda v: {source}", dict(_RUNTIME))  # type: ignore[no-any-return]


class _Compiler:
    """Turns syntax trees into Python source over a dict ``v``; every node is white-listed."""

    def __init__(self, text: str, names: Mapping[str, Name], *, formulas: bool) -> None:
        self.text = text
        self.names = names
        self.formulas = formulas
        self.walrus = 0

    def fail(self, node: ast.AST, message: str) -> ExpressionError:
        return ExpressionError(
            f"column {getattr(node, 'col_offset', 0) + 1}: {message} in '{self.text}'"
        )

    # Conditions

    def condition(self, node: ast.expr, *, negate: bool) -> Atom | Group:
        match node:
            case ast.BoolOp():
                every = isinstance(node.op, ast.And) is not negate
                parts = tuple(self.condition(part, negate=negate) for part in node.values)
                return Group(parts, every)
            case ast.UnaryOp(op=ast.Not()):
                return self.condition(node.operand, negate=not negate)
            case ast.Compare():
                return self.comparison(node, negate)
            case ast.Constant(value=bool()):
                return self.atom(str(node.value is not negate), frozenset())
            case ast.Name():
                return self.question(node, negate)
            case ast.Call():
                return self.filled(node, negate)
        raise self.fail(node, "not a yes/no condition")

    def atom(self, source: str, reads: frozenset[str], threshold: Threshold | None = None) -> Atom:
        return Atom(source, reads, _function(source), threshold)

    def question(self, node: ast.Name, negate: bool) -> Atom:
        term = self.named(node)
        if term.type != "bool":
            raise self.fail(node, f"'{node.id}' is not a yes/no field")
        return self.atom(f"({term.source} is {not negate})", term.reads)

    def filled(self, node: ast.Call, negate: bool) -> Atom:
        if not (
            isinstance(node.func, ast.Name) and node.func.id == "filled" and len(node.args) == 1
        ):
            raise self.fail(node, "only filled(field) may stand as a condition")
        term = self.term(node.args[0])
        return self.atom(f"({'not ' if negate else ''}_filled({term.source}))", term.reads)

    def comparison(self, node: ast.Compare, negate: bool) -> Atom | Group:
        lefts = [node.left, *node.comparators[:-1]]
        parts = tuple(
            self.compare_two(left, operator, right, negate)
            for left, operator, right in zip(lefts, node.ops, node.comparators, strict=True)
        )
        return parts[0] if len(parts) == 1 else Group(parts, every=not negate)

    def compare_two(self, left: ast.expr, op: ast.cmpop, right: ast.expr, negate: bool) -> Atom:
        signs = _COMPARISONS.get(type(op))
        if signs is None:
            raise self.fail(left, "this comparison is not allowed")
        sign = signs[negate]
        if isinstance(op, (ast.In, ast.NotIn)):
            return self.membership(left, sign, right)
        first, second = self.term(left), self.term(right)
        self.check_types(left, first, second, sign)
        first_guard, first_source = self.guarded(first)
        second_guard, second_source = self.guarded(second)
        source = " and ".join(filter(None, (first_guard, second_guard)))
        compared = f"{first_source} {sign} {second_source}"
        source = f"({source} and {compared})" if source else f"({compared})"
        return self.atom(source, first.reads | second.reads, self.threshold(first, sign, second))

    def membership(self, left: ast.expr, sign: str, right: ast.expr) -> Atom:
        first = self.term(left)
        if isinstance(right, ast.Name):
            whole = self.named(right)
            if whole.type != "list" or first.constant is None:
                raise self.fail(right, "'in' needs a list of constants or a many field")
            self.check_codes(left, whole, first)
            source = f"({whole.source} is not None and {first.source} {sign} {whole.source})"
            return self.atom(source, whole.reads)
        if not isinstance(right, (ast.List, ast.Tuple)) or not right.elts:
            raise self.fail(right, "'in' needs a list of constants or a many field")
        members = [self.term(element) for element in right.elts]
        for element, member in zip(right.elts, members, strict=True):
            if member.constant is None:
                raise self.fail(element, "only constants may stand in a list")
            self.check_types(element, first, member, "==")
        listed = f"({', '.join(member.source for member in members)},)"
        guard, source = self.guarded(first)
        test = f"{source} {sign} {listed}"
        return self.atom(f"({guard} and {test})" if guard else f"({test})", first.reads)

    def guarded(self, term: Term) -> tuple[str, str]:
        """A guard that the value is there, and the source that reads it afterwards."""
        if term.constant is not None or not term.reads:
            return "", term.source
        if term.name:
            return f"{term.source} is not None", term.source
        self.walrus += 1
        variable = f"_t{self.walrus}"
        return f"({variable} := {term.source}) is not None", variable

    def threshold(self, first: Term, sign: str, second: Term) -> Threshold | None:
        if first.type != "number" or not isinstance(second.constant, (int, Decimal)):
            return None
        if first.name:
            return Threshold(first.name, sign, second.constant)
        if first.source.startswith("_days(") and "base_date" in first.reads:
            counted_from = min(first.reads - {"base_date"}, default="")
            return Threshold(counted_from, sign, second.constant, _function(first.source))
        return None

    def check_types(self, node: ast.expr, first: Term, second: Term, sign: str) -> None:
        if first.type != second.type or first.type == "list":
            raise self.fail(node, f"a {first.type} can't be compared with a {second.type}")
        if sign not in ("==", "!=") and first.type not in ("number", "date"):
            raise self.fail(node, f"'{sign}' needs numbers or dates")
        self.check_codes(node, first, second)
        self.check_codes(node, second, first)

    def check_codes(self, node: ast.expr, named: Term, constant: Term) -> None:
        codes = self.names[named.name].codes if named.name else frozenset()
        if codes and isinstance(constant.constant, str) and constant.constant not in codes:
            message = f"'{constant.constant}' is no choice of '{named.name}'"
            raise self.fail(node, with_suggestion(message, constant.constant, codes))

    # Values

    def term(self, node: ast.expr) -> Term:
        match node:
            case ast.Constant():
                return self.constant(node)
            case ast.Name():
                return self.named(node)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant()):
                inner = self.term(node.operand)
                return Term(f"(-{inner.source})", "number", constant=-inner.constant)
            case ast.BinOp():
                return self.arithmetic(node)
            case ast.Call():
                return self.call(node)
            case ast.IfExp() if self.formulas:
                return self.choice(node)
            case ast.BoolOp() | ast.Compare() | ast.UnaryOp(op=ast.Not()) if self.formulas:
                tree = self.condition(node, negate=False)
                return Term(tree.source, "bool", tree.reads)
        raise self.fail(node, f"{type(node).__name__} is not allowed")

    def constant(self, node: ast.Constant) -> Term:
        value = node.value
        if isinstance(value, bool):
            return Term(str(value), "bool", constant=value)
        if isinstance(value, str):
            return Term(repr(value), "text", constant=value)
        if isinstance(value, int):
            return Term(str(value), "number", constant=value)
        if isinstance(value, float):
            return self.decimal(node)
        raise self.fail(node, "this constant is not allowed")

    def decimal(self, node: ast.Constant) -> Term:
        # The text as written, so that 0.3 is exactly three tenths.
        written = ast.get_source_segment(self.text.strip(), node) or ""
        try:
            number = Decimal(written)
        except InvalidOperation:
            raise self.fail(node, "this number is not allowed") from None
        return Term(f"Decimal({str(number)!r})", "number", constant=number)

    def named(self, node: ast.Name) -> Term:
        if node.id == "none" and self.formulas:
            return Term("None", "none")
        known = self.names.get(node.id)
        if known is None:
            message = f"unknown field '{node.id}'"
            raise self.fail(node, with_suggestion(message, node.id, self.names))
        reads = frozenset((node.id,))
        return Term(f"v[{node.id!r}]", known.type, reads, name=node.id, ratio=known.ratio)

    def arithmetic(self, node: ast.BinOp) -> Term:
        function = _ARITHMETIC.get(type(node.op))
        if function is None or (function == "_div" and not self.formulas):
            raise self.fail(node, "only + - * (and / where values are computed) are allowed")
        left, right = self.term(node.left), self.term(node.right)
        if left.type != "number" or right.type != "number":
            raise self.fail(node, "arithmetic needs numbers")
        reads = left.reads | right.reads
        ratio = function == "_div" or left.ratio or right.ratio
        if function in _PLAIN and not ratio:
            # An absent amount counts as 0.
            source = f"({_or_zero(left)} {_PLAIN[function]} {_or_zero(right)})"
        else:
            source = f"{function}({left.source}, {right.source})"
        return Term(source, "number", reads, ratio=ratio)

    def call(self, node: ast.Call) -> Term:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise self.fail(node, "this call is not allowed")
        name = node.func.id
        if name == "filled":
            atom = self.filled(node, negate=False)
            return Term(atom.source, "bool", atom.reads)
        if name == "label" and self.formulas:
            return self.label(node)
        terms = [self.term(argument) for argument in node.args]
        kind, count = self.signature(node, name, terms)
        if (count and len(terms) != count) or not terms:
            raise self.fail(node, f"'{name}' takes {count or 'some'} values")
        source = f"_{name}({', '.join(term.source for term in terms)})"
        ratio = any(term.ratio for term in terms)
        return Term(source, kind, frozenset().union(*(t.reads for t in terms)), ratio=ratio)

    def signature(self, node: ast.Call, name: str, terms: list[Term]) -> tuple[str, int]:
        """The type of a call's result and how many values it takes; refuses wrong ones."""
        types = {term.type for term in terms} - {"none"}
        if name in ("max", "min"):
            kind = types.pop() if len(types) == 1 else ""
            if kind == "number" or (kind == "date" and self.formulas):
                return kind, 0
        if name in ("days", "months") and types == {"date"} and (name == "days" or self.formulas):
            return "number", 2
        if name == "fen" and self.formulas and types == {"number"}:
            return "number", 1
        known = ("days", "max", "min", "filled", "months", "fen", "label")
        raise self.fail(node, with_suggestion(f"'{name}' is not allowed here", name, known))

    def label(self, node: ast.Call) -> Term:
        if len(node.args) != 1 or not isinstance(node.args[0], ast.Name):
            raise self.fail(node, "label() takes one choice field")
        term = self.named(node.args[0])
        labels = dict(self.names[term.name].labels)
        if not labels:
            raise self.fail(node, f"'{term.name}' has no choices")
        return Term(f"{labels!r}.get({term.source})", "text", term.reads)

    def choice(self, node: ast.IfExp) -> Term:
        test = self.condition(node.test, negate=False)
        left, right = self.term(node.body), self.term(node.orelse)
        types = {left.type, right.type} - {"none"}
        if len(types) > 1:
            raise self.fail(node, f"branches differ: {left.type} and {right.type}")
        source = f"({left.source} if {test.source} else {right.source})"
        reads = test.reads | left.reads | right.reads
        kind = (types or {"none"}).pop()
        return Term(source, kind, reads, ratio=left.ratio or right.ratio)
