"""The whole round trip without a window: offices, union, return, decisions, the next period."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from app.book.book import Book
from app.demo import offices
from app.demo.county import County
from app.demo.office import (
    correct,
    export_next,
    open_next,
    report_decided,
    send_again,
    submit,
    take_answer,
)
from app.demo.places import NEXT_DATE, DemoError, DemoResult, Office, Progress

RETURNING = 2
"""The number of the office that gets a row back; the only one where there is but one."""


def run_demo(folder: Path, count: int, assets: int, progress: Progress) -> DemoResult:
    """Makes `count` offices in an empty folder; those after the second hold `assets` rows each."""
    if folder.exists() and any(folder.iterdir()):
        raise DemoError(f"{folder} 里已经有文件。请换一个空的文件夹。")
    started = time.monotonic()
    (folder / "books").mkdir(parents=True, exist_ok=True)
    result = DemoResult(folder, offices.listings_into(folder / "listings"))
    made = [Office(folder, number) for number in range(1, count + 1)]
    for office in made:
        result.offices.append(submit(office, assets, office.telling(progress)))
    county = County(folder, progress)
    county.set_up()
    result.union = county.result
    _first_round(county, made, result, progress)
    _second_round(county, made, progress)
    for office, told in zip(made, result.offices, strict=True):
        told.decided = report_decided(office, office.telling(progress))
        open_next(office, office.telling(progress))
    _next_period(county, made[min(RETURNING, count) - 1], progress)
    result.seconds = time.monotonic() - started
    return result


def _first_round(
    county: County, made: list[Office], result: DemoResult, progress: Progress
) -> None:
    """Everything is looked through and determined but for one row, which goes back."""
    codes = [office.institution.code for office in made]
    sent = [(one, told.package) for one, told in zip(made, result.offices, strict=True)]
    _answered(made, county.take_in(sent))
    county.look_through(codes, codes[min(RETURNING, len(codes)) - 1])
    county.determine(codes)
    _answered(made, county.decide())


def _answered(made: list[Office], answers: Mapping[str, Path]) -> None:
    for office in made:
        if office.institution.code in answers:
            take_answer(office, answers[office.institution.code])


def _second_round(county: County, made: list[Office], progress: Progress) -> None:
    """The office completes the row and sends its package again; now all is determined."""
    office = made[min(RETURNING, len(made)) - 1]
    code = office.institution.code
    with Book.open(office.book) as book:
        correct(book, county.result.returned)
    package = send_again(office, office.telling(progress))
    take_answer(office, county.take_in([(office, package)])[code])
    county.look_again(code)
    county.determine([code])
    take_answer(office, county.decide()[code])
    county.report()


def _next_period(county: County, office: Office, progress: Progress) -> None:
    """The second period: carried forward everywhere, one office has sent it already."""
    with Book.open(county.result.book) as book:
        book.add_period(NEXT_DATE)
    package = export_next(office, office.telling(progress))
    take_answer(office, county.take_in([(office, package)])[office.institution.code])
    county.report()
