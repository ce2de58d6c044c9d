"""One row of every table on a keystroke; and how many rows of 1-2 are classified a second."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from itertools import cycle, islice

from app.forms.evaluation import Context, Evaluation, evaluate
from app.forms.loader import builtin_rulesets, load_ruleset
from app.forms.ruleset import RuleSet
from app.forms.schema import Case
from app.forms.table import Table
from tests.benchmarks._measurement import Measurement, median_seconds, shortest_seconds

KEYSTROKE_MS = 5.0
ROWS_A_SECOND = 20_000
ROWS = 5_000


def shown(table: Table, case: Case) -> Evaluation:
    """Everything that the window shows of a row after a keystroke."""
    evaluation = evaluate(table, case.values, Context(case.base_date, complete=True))
    _ = (
        evaluation.typed,
        evaluation.states,
        evaluation.reasons,
        evaluation.problems,
        evaluation.distance,
        evaluation.evidence,
    )
    return evaluation


def keystroke(ruleset: RuleSet, table: Table) -> Measurement:
    """The slowest of a table's worked cases."""
    taken = {case.number: median_seconds(partial(shown, table, case)) for case in table.cases}
    number, slowest = max(taken.items(), key=lambda item: item[1])
    name = f"keystroke, {table.id} of {ruleset.id}"
    return Measurement(name, slowest * 1000, "ms", KEYSTROKE_MS, note=f"case {number}")


def classified(table: Table, rows: int) -> None:
    """Class and counts of problems of many rows, as a list or an import needs them."""
    contexts = [(case.values, Context(case.base_date)) for case in table.cases]
    for values, context in islice(cycle(contexts), rows):
        evaluation = evaluate(table, values, context)
        _ = (evaluation.suggested, evaluation.at_least, evaluation.error_count)


def measure() -> Iterator[Measurement]:
    """Each table of each shipped rule set, then the throughput of 1-2."""
    for name in builtin_rulesets():
        ruleset = load_ruleset(name)
        for table in ruleset.row_tables:
            yield keystroke(ruleset, table)
        table = ruleset.table("1-2")
        taken = shortest_seconds(partial(classified, table, ROWS), clock=time.process_time)
        title = f"rows classified, 1-2 of {ruleset.id}"
        yield Measurement(title, ROWS / taken, "rows/s", ROWS_A_SECOND, at_least=True)
