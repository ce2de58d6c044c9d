"""The whole round trip without a window: offices, union, return, decisions, the next period."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from app.book.book import Book
from app.demo import offices
from app.demo.county import County
from app.demo.crew import Crew, crew_of
from app.demo.office import (
    correct,
    export_next,
    finish_period,
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
    with crew_of(count, progress) as crew:
        jobs = [(office, assets) for office in made]
        result.offices += crew.each("填报、导出、封印", submit, jobs)
        _at_the_union(crew, made, result, progress)
    result.seconds = time.monotonic() - started
    return result


def _at_the_union(crew: Crew, made: list[Office], result: DemoResult, progress: Progress) -> None:
    """Everything after the first packages."""
    county = County(result.folder, progress)
    county.set_up()
    result.union = county.result
    _first_round(county, crew, made, result)
    back = made[min(RETURNING, len(made)) - 1]
    _second_round(county, crew, back, progress)
    finished = crew.each("认定后的报表、结转", finish_period, [(office,) for office in made])
    for told, decided in zip(result.offices, finished, strict=True):
        told.decided = decided
    _next_period(county, crew, back, progress)


def _first_round(county: County, crew: Crew, made: list[Office], result: DemoResult) -> None:
    """Everything is looked through and determined but for one row, which goes back."""
    codes = [office.institution.code for office in made]
    sent = [(one, told.package) for one, told in zip(made, result.offices, strict=True)]
    _answered(crew, made, county.take_in(sent))
    county.look_through(codes, codes[min(RETURNING, len(codes)) - 1])
    county.determine(codes)
    _answered(crew, made, county.decide())


def _answered(crew: Crew, made: list[Office], answers: Mapping[str, Path]) -> None:
    """Every office takes in what the union wrote to it."""
    found = [(office, answers.get(office.institution.code)) for office in made]
    crew.each("接收联社的答复", take_answer, [job for job in found if job[1]])


def _second_round(county: County, crew: Crew, office: Office, progress: Progress) -> None:
    """The office completes the row and sends its package again; now all is determined."""
    code = office.institution.code
    with Book.open(office.book) as book:
        correct(book, county.result.returned)
    package = send_again(office, office.telling(progress))
    _answered(crew, [office], county.take_in([(office, package)]))
    county.look_again(code)
    county.determine([code])
    _answered(crew, [office], county.decide())
    county.report()


def _next_period(county: County, crew: Crew, office: Office, progress: Progress) -> None:
    """The second period: carried forward everywhere, one office has sent it already."""
    with Book.open(county.result.book) as book:
        book.add_period(NEXT_DATE)
    package = export_next(office, office.telling(progress))
    _answered(crew, [office], county.take_in([(office, package)]))
    county.report()
