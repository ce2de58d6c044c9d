"""Computed fields as live formulas of a spreadsheet."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from app.forms.schema import FieldType
from app.forms.values import Typed, plain_decimal

_ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARISONS = {
    ast.Eq: "=",
    ast.NotEq: "<>",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_FUNCTIONS = {"max": "MAX", "min": "MIN"}


class NoFormulaError(ValueError):
    """The expression cannot be said in the language of spreadsheets, or reads no cell."""


def spreadsheet_formula(
    expression: str,
    cells: Mapping[str, str],
    values: Mapping[str, Typed],
    kind: FieldType,
) -> str:
    """The expression of a computed amount or rate as a formula of its row.

    Fields with a column are read from their cell, others stand in it as figures. Raises
    NoFormulaError for expressions over dates, texts and lists: there the value alone is written.
    """
    translator = _Translator(cells, values)
    body = translator.number(ast.parse(expression.strip(), mode="eval").body)
    if not translator.reads_cells:
        raise NoFormulaError(expression)
    # Amounts are whole fen; the spreadsheet's binary fractions must not show.
    return f"=ROUND({body},2)" if kind == "money" and not translator.may_be_empty else f"={body}"


class _Translator:
    """Walks one expression; every node is one that the rule language allows."""

    def __init__(self, cells: Mapping[str, str], values: Mapping[str, Typed]) -> None:
        self.cells = cells
        self.values = values
        self.reads_cells = False
        self.may_be_empty = False

    def number(self, node: ast.expr) -> str:
        """An amount, a number, or the empty text that stands for none."""
        match node:
            case ast.Constant(value=int() | float()):
                return str(node.value)
            case ast.Name(id="none"):
                self.may_be_empty = True
                return '""'
            case ast.Name():
                return self.field(node.id)
            case ast.BinOp() if type(node.op) in _ARITHMETIC:
                sign = _ARITHMETIC[type(node.op)]
                return f"({self.number(node.left)}{sign}{self.number(node.right)})"
            case ast.IfExp():
                test = self.condition(node.test)
                return f"IF({test},{self.branch(node.body)},{self.branch(node.orelse)})"
            case ast.Call(func=ast.Name(id="fen")):
                return f"ROUND({self.number(node.args[0])},2)"
            case ast.Call(func=ast.Name(id=name)) if name in _FUNCTIONS:
                parts = ",".join(self.number(argument) for argument in node.args)
                return f"{_FUNCTIONS[name]}({parts})"
        raise NoFormulaError(ast.unparse(node))

    def branch(self, node: ast.expr) -> str:
        """A branch of a choice; a difference in one is rounded, as the whole cannot be."""
        text = self.number(node)
        is_sum = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
        return f"ROUND({text},2)" if is_sum else text

    def field(self, name: str) -> str:
        """A field's cell, or its figure."""
        if name in self.cells:
            self.reads_cells = True
            return self.cells[name]
        value = self.values.get(name)
        match value:
            case None:
                return "0"
            case bool():
                raise NoFormulaError(name)
            case Decimal():
                return plain_decimal(value)
            case int():
                return str(value)
            case Fraction():
                return f"({value.numerator}/{value.denominator})"
        raise NoFormulaError(name)

    def condition(self, node: ast.expr) -> str:
        """A yes or no."""
        match node:
            case ast.BoolOp():
                word = "AND" if isinstance(node.op, ast.And) else "OR"
                return f"{word}({','.join(self.condition(part) for part in node.values)})"
            case ast.UnaryOp(op=ast.Not()):
                return f"NOT({self.condition(node.operand)})"
            case ast.Compare(ops=[operator], comparators=[right]) if type(operator) in _COMPARISONS:
                sign = _COMPARISONS[type(operator)]
                return f"{self.number(node.left)}{sign}{self.number(right)}"
            case ast.Call(func=ast.Name(id="filled"), args=[ast.Name(id=name)]):
                return self.filled(name)
        raise NoFormulaError(ast.unparse(node))

    def filled(self, name: str) -> str:
        """Whether a field has a value."""
        if name in self.cells:
            self.reads_cells = True
            return f'{self.cells[name]}<>""'
        return "TRUE" if name in self.values else "FALSE"
