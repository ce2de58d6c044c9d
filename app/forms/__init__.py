"""Determination tables: definitions, rule language, evaluation of a row; pure."""

from app.forms.classes import FiveClass
from app.forms.errors import DefinitionError, ExpressionError, ValueFault
from app.forms.evaluation import Context, Evaluation, evaluate
from app.forms.loader import builtin_rulesets, load_ruleset, ruleset_for, ruleset_from_snapshot
from app.forms.ruleset import RuleSet
from app.forms.table import Table

__all__ = [
    "Context",
    "DefinitionError",
    "Evaluation",
    "ExpressionError",
    "FiveClass",
    "RuleSet",
    "Table",
    "ValueFault",
    "builtin_rulesets",
    "evaluate",
    "load_ruleset",
    "ruleset_for",
    "ruleset_from_snapshot",
]
