"""The demonstration's offices: from sample listings, from worked cases, others like it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from app.demo.evidence import picture
from app.demo.facts import completed_values, sample_facts
from app.forms.values import choice_label, half_up
from app.resources import resource_path

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.types import Balance, Row
    from app.forms.evaluation import Evaluation
    from app.forms.ruleset import RuleSet
    from app.forms.schema import Case

Progress = Callable[[int, int, str], None]
BASE_DATE = date(2006, 12, 31)
PART = 200
"""Rows written in one change."""
PREPARER, ACCOUNTANT, HEAD = "王明", "李芳", "赵国强"
# Case 2 is told of another base date; a year earlier it says the same of this one.
MOVED_DATES = {("1-2", 2): {"formed_on": "2006-03-20", "due_on": "2006-04-19"}}


def add_people(book: Book) -> None:
    """The three who work on an office's book."""
    for person in sample_facts()["people"]:
        book.add_person(person["name"], person["role"])


def fill_from_listings(book: Book, progress: Progress) -> None:
    """Office one: balances and two listings as the core system prints them, the rest by hand."""
    from app.intake.balances import import_balances, read_balances
    from app.intake.listing import import_listing, recognise
    from app.intake.workbook import read_sheets

    folder = resource_path("samples", "qingshan-2006")
    balances = read_balances(folder / "balances.xlsx", BASE_DATE)
    import_balances(book, balances, by=PREPARER)
    for name in ("fixed-assets.xlsx", "other-receivables.csv"):
        sheets = read_sheets(folder / name)
        listing = recognise(sheets, book.ruleset, base_date=BASE_DATE)
        import_listing(book, listing, by=PREPARER)
    facts = sample_facts()
    rows = list(book.rows())
    for place, row in enumerate(rows, 1):
        progress(place, len(rows), "补填清单里没有的内容")
        _complete(book, row, facts)
    _correct_nets(book, facts["corrections"]["why"])
    for entry in facts["entered"]:
        values = _defaults(book.ruleset, entry["table"]) | entry["values"]
        book.add_row(entry["table"], values, by=PREPARER)


def _complete(book: Book, row: Row, facts: dict[str, Any]) -> None:
    fields = book.ruleset.table(row.table_id).fields
    words = {label: str(text) for label, text in row.printed.items()}
    words["备注"] = words["情况说明"] = row.values.get("remarks") or ""
    for column, key in (("资产类别", "category"), ("款项性质", "kind")):
        words[column] = (
            choice_label(fields[key], row.values.get(key) or "") if key in fields else ""
        )
    kind = {"1-8": "fixed_assets", "1-5": "other_receivables"}[row.table_id]
    values = completed_values(row, facts[kind], words)
    if row.table_id == "1-5":
        values["debtor"] = row.values.get("debtor") or row.values.get("name")
        values["name"] = row.values.get("name") or f"{words['款项性质']}（{values['debtor']}）"
    book.set_values(row.id, values, by=PREPARER, why="按盘点和原始凭证补填")


def _correct_nets(book: Book, why: str) -> None:
    """Carrying amounts that contradict cost less depreciation, corrected with a reason."""
    for row in list(book.rows("1-8")):
        net = Decimal(row.values["cost"]) - Decimal(row.values["accumulated_depreciation"])
        if net != Decimal(row.values["carrying_amount"]):
            book.set_values(row.id, {"carrying_amount": f"{net:.2f}"}, by=PREPARER, why=why)


def _defaults(ruleset: RuleSet, table_id: str) -> dict[str, Any]:
    """What is in order unless a row says otherwise."""
    fields = ruleset.table(table_id).fields
    usual = {"compliance": "compliant", "accuracy": [], "records_complete": True}
    return {key: value for key, value in usual.items() if key in fields}


def fill_from_cases(book: Book) -> None:
    """Office two: the worked cases, with balances made from them."""
    rows = [(table_id, values) for table_id, _, values in _case_values(book.ruleset)]
    _add_with_balances(book, rows)


def fill_at_random(book: Book, count: int, office: int) -> None:
    """Any further office: the worked cases over and over, with other amounts."""
    cases = list(_case_values(book.ruleset))
    rows = []
    for place in range(count):
        table_id, _, values = cases[(place * 7 + office) % len(cases)]
        factor = Decimal(50 + (place * 37 + office * 11) % 150) / 100
        rows.append((table_id, _scaled(book.ruleset, table_id, values, factor, place)))
    _add_with_balances(book, rows)


def _case_values(ruleset: RuleSet) -> Iterator[tuple[str, Case, dict[str, Any]]]:
    for table in ruleset.row_tables:
        for case in table.cases:
            if case.problem:
                continue
            values = case.values | MOVED_DATES.get((table.id, case.number), {})
            values.setdefault("remarks", case.facts)
            yield table.id, case, values


def _scaled(
    ruleset: RuleSet, table_id: str, values: dict[str, Any], factor: Decimal, place: int
) -> dict[str, Any]:
    """The values with every amount scaled to whole yuan; what must add up still does."""
    fields = ruleset.table(table_id).fields
    changed = dict(values)
    for key, value in values.items():
        if fields[key].type == "money":
            changed[key] = f"{half_up(Decimal(value) * factor, 0):.2f}"
    for whole, parts in (
        ("cost", ("accumulated_depreciation", "accumulated_amortisation", "impairment")),
        ("original_amount", ("amortised",)),
    ):
        if whole in changed:
            given = sum(Decimal(changed.get(part) or 0) for part in parts)
            changed["carrying_amount"] = f"{Decimal(changed[whole]) - given:.2f}"
    if "name" in changed:
        changed["name"] = f"{changed['name']}{place + 1}"
    return changed


def _add_with_balances(book: Book, rows: list[tuple[str, dict[str, Any]]]) -> None:
    by_table: dict[str, list[dict[str, Any]]] = {}
    for table_id, values in rows:
        by_table.setdefault(table_id, []).append(values)
    for table_id, listed in by_table.items():
        book.add_rows(table_id, listed, by=PREPARER, why="演示数据", source="演示")
    _balance_from_rows(book)


def _balance_from_rows(book: Book) -> None:
    """GL balances that agree with the rows."""
    from app.book.types import Balance

    sums: dict[str, Decimal] = {}
    for row in book.rows():
        evaluation = book.evaluate(row)
        for subject in book.chart().values():
            fixed = subject.table == row.table_id and subject.tie_field != "carrying_amount"
            mine = fixed or subject.code == row.values.get("subject")
            amount = evaluation.typed.get(subject.tie_field) if mine else None
            if isinstance(amount, Decimal):
                sums[subject.code] = sums.get(subject.code, Decimal(0)) + amount
    balances = []
    for code, amount in sorted(sums.items()):
        subject = book.chart()[code]
        debit = amount if subject.side == "debit" else Decimal("0.00")
        balances.append(Balance(code, subject.name, debit, amount - debit))
    book.set_balances(balances, by=PREPARER, source="演示数据")


def fill_again(book: Book, progress: Progress) -> None:
    """A carried-forward period: what came in since is off the books, the rest is answered anew."""
    now, before = book.period, book.periods()[-2]
    book.select_period(before.id)
    answers = {row.id: row.values for row in book.rows()}
    balances = {balance.subject: balance for balance in book.balances()}
    book.select_period(now.id)
    given: list[tuple[str, dict[str, Any]]] = []
    for row in list(book.rows()):
        fields = book.ruleset.table(row.table_id).fields
        again = {
            key: value
            for key, value in answers[row.id].items()
            if fields[key].each_period and fields[key].part != "union"
        }
        if again.get("recovered_on"):
            _take_off(book, row, balances)
        else:
            given.append((row.id, again))
    for start in range(0, len(given), PART):
        progress(start, len(given), "逐笔复查")
        book.set_many(given[start : start + PART], by=PREPARER, why="按本期情况复查")
    book.set_balances(list(balances.values()), by=PREPARER, source="演示数据")


def _take_off(book: Book, row: Row, balances: dict[str, Balance]) -> None:
    """A row that was paid in full: its amount leaves the ledger, and the row the period."""
    amount = Decimal(row.values["carrying_amount"])
    held = balances[row.values["subject"]]
    balances[held.subject] = replace(held, debit=held.debit - amount)
    book.remove_row(row.id, by=PREPARER, why="上期基准日后已全部收回，本期销账")


def finish(book: Book, progress: Progress) -> None:
    """Evidence, initial opinions, table 2, kept warnings, the accountant's confirmation."""
    rows = list(book.rows())
    for start in range(0, len(rows), PART):
        progress(start, len(rows), "附资料、写底稿、提初分意见")
        _finish_rows(book, rows[start : start + PART])
    _fill_big_losses(book)
    _keep_warnings(book)
    book.confirm(None, by=ACCOUNTANT)


def _finish_rows(book: Book, rows: Sequence[Row]) -> None:
    from app.book.evidence import attach_each

    office = book.institution.name
    evidence, answers = [], []
    for row in rows:
        evaluation = book.evaluate(row)
        papers = [need.paper for need in evaluation.evidence]
        evidence.append(
            (row.id, [(picture(paper, office), f"{paper}.png", paper) for paper in papers])
        )
        answers.append((row.id, _opinion(evaluation)))
    attach_each(book.store, evidence, by=PREPARER)
    book.set_many(answers, by=PREPARER)


def _opinion(evaluation: Evaluation) -> dict[str, Any]:
    """The initial opinion, and the texts of the working paper that are still missing."""
    values: dict[str, Any] = {}
    if evaluation.suggested is not None:
        values["initial_class"] = evaluation.suggested.value
    for key, text in (
        ("wp_formation", "按原始凭证逐笔核对，形成时间和金额与账面一致。"),
        ("wp_state", "经现场核对，情况与所附资料一致。"),
    ):
        if evaluation.states.get(key) == "unanswered":
            values[key] = text
    if evaluation.states.get("remarks") == "unanswered":
        values["remarks"] = "预计损失按现有资料估计，详见工作底稿。"
    return values


def _fill_big_losses(book: Book) -> None:
    for sheet in list(book.big_losses()):
        own = {
            "collection": "多次上门清收，已函告并依法主张权利，没有可供执行的财产。",
            "recoverable": "0.00",
            "responsible": "原经办人、原负责人",
            "responsibility_opinion": "按责任认定办法另行报批，责任不因调离而免除。",
        }
        book.set_big_loss(sheet.row_id, own, by=PREPARER)


def _keep_warnings(book: Book) -> None:
    from app.book.checks import check_book, keep_many

    reasons = sample_facts()["reasons"]
    by_code: dict[str, list[str]] = {}
    for finding in check_book(book):
        if finding.severity == "warning" and finding.open:
            by_code.setdefault(finding.code, []).append(finding.id)
    for code, ids in by_code.items():
        keep_many(book, ids, reasons.get(code, reasons["*"]), by=PREPARER)


def listings_into(folder: Path) -> list[Path]:
    """Copies of the sample listings, for the reader of the demonstration."""
    from shutil import copyfile

    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for source in sorted(resource_path("samples", "qingshan-2006").iterdir()):
        if source.suffix in (".xlsx", ".csv"):
            made.append(folder / source.name)
            copyfile(source, made[-1])
    return made
