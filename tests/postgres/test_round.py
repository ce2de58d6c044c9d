"""The union's whole work by command on a database: one return, the next period, same figures."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from app.book.book import Book
from app.demo import offices
from app.package.exporting import export_period
from tests.cli.conftest import wuji
from tests.cli.running import Wuji
from tests.union.county import (
    ACCOUNTANT,
    AUDITOR,
    CLERK,
    DEPARTMENT,
    HEAD,
    LEADER,
    OFFICES,
    PASSPHRASE,
    REVIEWER,
    County,
    county_in,
    quiet,
)  # fmt: skip

__all__ = ["wuji"]
NEXT = "2007-12-31"


@pytest.fixture
def county(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> County:
    """Two offices with sealed packages, a union without any."""
    return county_in(tmp_path_factory.getbasetemp(), tmp_path / "county")


class Union:
    """The commands of a union whose book lies at some place."""

    def __init__(self, wuji: Wuji, county: County, place: object, out: Path) -> None:
        self.wuji, self.county, self.place, self.out = wuji, county, place, out
        self.key = ("--passphrase-file", county.passphrase)
        out.mkdir()

    def rows(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.wuji("list", self.place, "--json").json
        return found

    def collect(self, *codes: str) -> list[dict[str, Any]]:
        accepted = [part for code in codes for part in ("--accept", self.county.key(code))]
        packages = [self.county.package(code) for code in codes]
        done: list[dict[str, Any]] = self.wuji(
            "collect", self.place, *packages, *accepted, "--as", REVIEWER,
            "--receipts", self.out / "receipts", *self.key, "--json",
        ).json  # fmt: skip
        return done

    def say(self, command: str, by: str, entries: Sequence[Mapping[str, Any]]) -> dict[str, int]:
        file = self.out / "entries.json"
        file.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")
        done = self.wuji(command, self.place, file, "--as", by, "--json").json
        stages: dict[str, int] = done["stages"]
        return stages

    def through(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """From submitted to determined."""
        (self.out / "纪要.txt").write_text("会议纪要第1号", encoding="utf-8")
        self.say("review", REVIEWER, [
            {"id": row["id"], "class": row["class"], "reason": "同意"} for row in rows
        ])  # fmt: skip
        self.say("review", DEPARTMENT, [
            {"id": row["id"], "department_opinion": "同意"} for row in rows
        ])  # fmt: skip
        lost = [row for row in rows if row["class"] == "loss"]
        if lost:
            self.say("review", AUDITOR, [
                {"id": row["id"], "audit_opinion": "属实"} for row in lost
            ])  # fmt: skip
        vote = {"vote": {"for": 5, "against": 0, "abstain": 1}, "minutes": "纪要.txt"}
        self.say("determine", LEADER, [
            {"id": row["id"]} | (vote if row["class"] == "loss" else {}) for row in rows
        ])  # fmt: skip

    def decide(self) -> dict[str, str]:
        given = (*self.key, "--as", LEADER, "--json")
        made = self.wuji("decide", self.place, self.out / "decisions", *given).json
        return {str(one["institution"]): str(one["decision"]) for one in made}

    def figures(self, name: str) -> tuple[Any, Any, list[Any]]:
        """What the summary, the check and the list of offices say."""
        summary = self.wuji("summary", self.place, self.out / name, *self.key, "--json").json
        offices = [
            (one["code"], one["state"], one["stages"], one["carrying_amount"])
            for one in self.wuji("collect", self.place, "--json").json
        ]
        register = self.out / f"{name}.csv"
        self.wuji("register", self.place, register)
        return (
            {part: summary[part] for part in ("stages", "indicators", "migration")},
            register.read_text(encoding="utf-8-sig"),
            offices,
        )


def first_period(union: Union) -> str:
    """One row of QS comes back and is sent again; then everything is determined."""
    union.collect(*OFFICES)
    back: str = next(row["id"] for row in union.rows() if row["id"].startswith("QS"))
    union.say("review", REVIEWER, [
        {"id": back, "marks": [{"field": "备注", "note": "写明来由"}], "reason": "依据不足"}
    ])  # fmt: skip
    union.wuji("receive", union.county.book("QS"), union.decide()["QS"])
    union.county.change(
        "QS", lambda book: book.set_values(back, {"remarks": "已补充来由"}, by=CLERK, why="补正")
    )
    union.county.export("QS")
    assert union.collect("QS")[0]["superseded"]
    union.through(union.rows())
    for code, decision in union.decide().items():
        union.wuji("receive", union.county.book(code), decision)
    return back


def answer_again(office: Book) -> None:
    """What is asked anew on every base date is as it was."""
    now = office.period.id
    office.select_period(office.periods()[0].id)
    before = {row.id: row.values for row in office.rows()}
    office.select_period(now)
    for row in list(office.rows()):
        fields = office.ruleset.table(row.table_id).fields
        missing = {
            key: value
            for key, value in before[row.id].items()
            if key not in row.values and fields[key].part in ("row", "working_paper")
        }
        office.set_values(row.id, missing, by=CLERK)


def next_period(union: Union) -> None:
    """The next period: an office carries its rows forward, finishes them and reports again."""
    union.wuji("period", union.place, "--base-date", NEXT, "--as", REVIEWER)
    book = union.county.book("BH")
    union.wuji("period", book, "--base-date", NEXT, "--carry-forward", "--as", CLERK)
    with Book.open(book) as office:
        answer_again(office)
        offices.finish(office, quiet)
        export_period(office, union.out / "BH", PASSPHRASE, by=HEAD, progress=quiet)
    package = union.out / "BH" / f"BH-{NEXT}.wjz"
    done = union.wuji("collect", union.place, package, "--as", REVIEWER, "--json").json
    assert done[0]["rows"] == len(union.rows()) > 0
    union.through(union.rows())


def test_a_database_gives_what_a_file_gives(
    wuji: Wuji, county: County, url: str, tmp_path: Path
) -> None:
    wuji("restore", county.union, url)
    on_server = Union(wuji, county, url, tmp_path / "server")
    back = first_period(on_server)
    rows, figures = on_server.rows(), on_server.figures("first")
    assert {row["stage"] for row in rows} == {"determined"}
    assert "已补充来由" in next(row["remarks"] for row in rows if row["id"] == back)

    # The same book as a file says the same to the last figure and line.
    copy = tmp_path / "copy.wuji"
    wuji("backup", url, copy)
    in_file = Union(wuji, county, copy, tmp_path / "file")
    assert in_file.rows() == rows
    assert in_file.figures("first") == figures
    found = [wuji("check", place, "--json").json for place in (url, copy)]
    assert found[0] == found[1]

    next_period(on_server)
    figures = on_server.figures("second")
    assert figures[0]["migration"] is not None
    wuji("backup", url, copy)
    assert Union(wuji, county, copy, tmp_path / "again").figures("second") == figures
    assert wuji("period", copy, "--json").json[-1]["base_date"] == NEXT


def test_everybody_has_his_part(wuji: Wuji, county: County, url: str, tmp_path: Path) -> None:
    wuji("restore", county.union, url)
    union = Union(wuji, county, url, tmp_path / "server")
    union.collect("QS")
    row = union.rows()[0]
    file = tmp_path / "entries.json"
    file.write_text(json.dumps([{"id": row["id"], "class": row["class"]}]), encoding="utf-8")
    assert "岗位" in wuji.refused("determine", url, file, "--as", REVIEWER)
    assert "没有" in wuji.refused("review", url, file, "--as", HEAD)
    assert {ACCOUNTANT, HEAD}.isdisjoint(one["name"] for one in wuji("people", url, "--json").json)
    assert wuji("key", url, "--json").json["institution"] == "LS"
