"""Rows beyond the union's authority: up in a package, determined above, the answer recorded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.book.book import Book, Institution
from app.book.keys import create_key, unlock
from app.package.content import Totals
from app.package.errors import PackageError
from app.package.exporting import export_period
from app.package.receiving import NotAcceptedError, UncomparedKeyError, receive_answer
from app.package.verify import verify_package
from app.union.case import case_of
from app.union.changing import opinions_of
from app.union.decisions import _head, decide
from app.union.determination import determine
from app.union.intake import collect
from app.union.packages import current_package
from app.union.review import review
from tests.cli.office import Office
from tests.package.forging import Forger
from tests.union.county import BASE_DATE, HEAD, LEADER, PASSPHRASE, REVIEWER, quiet
from tests.union.levels import Levels, beyond, levels_in, signer_of
from tests.union.steps import checked, entry, reviewed, through


@pytest.fixture
def levels(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Levels:
    """An office, a union that has referred its worse rows, and an empty union above."""
    return levels_in(tmp_path_factory.getbasetemp(), tmp_path / "levels")


def sent_up(levels: Levels) -> Path:
    """The county union's package."""
    with Book.open(levels.union) as book:
        return levels.up(book).package


def answered(levels: Levels, package: Path, **last: Any) -> Path:
    """The answer from above; `last` is what the leading group there says of the first row."""
    minutes = levels.folder / "省纪要.txt"
    with Book.open(levels.book("SL")) as book:
        assert levels.taken_above(book, package).taken
        first, *others = list(book.rows())
        if last:
            reviewed(book, [first])
            checked(book, [first])
            minutes.write_text("省联社纪要", encoding="utf-8")
            determine(book, [entry(first.id, vote="同意7票", minutes=minutes, **last)], by=LEADER)
        through(book, others if last else [first, *others], minutes)
        return decide(book, levels.folder / "down", levels.unlocked(book), by=LEADER)[0].path


def test_the_package_holds_what_is_referred_and_the_countys_summary(levels: Levels) -> None:
    package = sent_up(levels)
    found = verify_package(package)
    assert found.holds, found.faults
    assert found.manifest is not None
    with Book.open(levels.union) as book:
        wanted = {row.id for row in beyond(book)}
        assert book.period.state == "open"
    lines = Forger(package, Office(levels.folder), package).rows
    assert {line["id"] for line in lines} == wanted
    assert {line["union"]["class"] for line in lines} == {line["class"] for line in lines}
    assert [one.code for one in found.manifest.for_] == ["QS"]
    names = {one.path for one in found.manifest.entries}
    assert {"index.html", "report.docx", "summary.xlsx", "forms/report.pdf"} <= names
    tables = {f"forms/{line['table']}.pdf" for line in lines}
    assert {name for name in names if name.startswith("forms/1-") and "work" not in name} == tables


def test_up_and_back_down_to_the_office(levels: Levels) -> None:
    package = sent_up(levels)
    answer = answered(levels, package, class_="关注", reason="已无追偿可能")
    with Book.open(levels.union) as book:
        mine = {row.id: row for row in beyond(book)}
        first = min(mine, key=lambda one: (mine[one].table_id, mine[one].seq))
        with pytest.raises(UncomparedKeyError, match="请与对方核对短码"):
            receive_answer(book, answer, by=LEADER)
        received = receive_answer(book, answer, by=LEADER, accept=signer_of(answer))
        assert set(received.landed.determined) == mine.keys()
        row = book.row(first)
        assert (row.stage, row.values["determined_class"]) == ("determined", "special_mention")
        assert row.values["determined_reason"] == "已无追偿可能"
        last = opinions_of(book, first)[-1]
        assert (last.by, last.vote, last.minutes_name) == (
            f"{LEADER}（SL）", "同意7票", "省纪要.txt",
        )  # fmt: skip
        assert "某省联社" in last.text
        assert book.verify_history().whole
        assert receive_answer(book, answer, by=LEADER).again
        down = decide(book, levels.folder / "to-offices", levels.unlocked(book), by=LEADER)
    with Book.open(levels.book("QS")) as office:
        landed = receive_answer(office, down[0].path, by=HEAD).landed
        assert set(landed.determined) == mine.keys()
        assert office.row(first).values["determined_class"] == "special_mention"


def test_above_sees_what_the_union_said_and_decides_itself(levels: Levels) -> None:
    package = sent_up(levels)
    with Book.open(levels.book("SL")) as book:
        done = levels.taken_above(book, package)
        assert (done.taken, done.differences) == (True, 0)
        row = next(book.rows())
        case = case_of(book, row.id)
        assert {one.by for one in case.opinions} >= {f"{LEADER}（LS）", f"{REVIEWER}（LS）"}
        assert opinions_of(book, row.id) == []
        assert set(through(book, [row], levels.folder / "m.txt").stages) == {"determined"}


def test_what_was_answered_does_not_go_up_again(levels: Levels) -> None:
    answer = answered(levels, sent_up(levels))
    with Book.open(levels.union) as book:
        receive_answer(book, answer, by=LEADER, accept=signer_of(answer))
        with pytest.raises(PackageError, match="没有报上级的资产"):
            export_period(
                book, levels.folder / "o", PASSPHRASE, by=LEADER, parts=("package",), progress=quiet
            )


def test_a_later_package_leaves_what_was_determined_above(levels: Levels) -> None:
    package = sent_up(levels)
    minutes = levels.folder / "m.txt"
    with Book.open(levels.book("SL")) as above, Book.open(levels.union) as book:
        levels.taken_above(above, package)
        first, *others = list(above.rows())
        through(above, [first], minutes)
        given = entry(first.id, class_=first.suggested.value if first.suggested else "",
                      reason="批复", minutes=minutes)  # fmt: skip
        determine(book, [given], by=LEADER)
        done = collect(above, levels.up(book).package, by=REVIEWER)
        assert (done.taken, done.counts["unchanged"], done.counts["gone"]) == (True, len(others), 0)
        assert above.row(first.id).stage == "determined"


def test_a_return_from_above_goes_on_to_the_office(levels: Levels) -> None:
    package = sent_up(levels)
    with Book.open(levels.book("SL")) as above:
        levels.taken_above(above, package)
        row = next(above.rows())
        review(above, [entry(row.id, marks=(("备注", "补充"),), reason="依据不足")], by=REVIEWER)
        made = decide(above, levels.folder / "down", levels.unlocked(above), by=LEADER)[0]
    with Book.open(levels.union) as book:
        received = receive_answer(book, made.path, by=LEADER, accept=signer_of(made.path))
        assert received.landed.returned == [row.id]
        assert book.row(row.id).stage == "returned"
        down = decide(book, levels.folder / "to-offices", levels.unlocked(book), by=LEADER)[0]
    assert down.returned == 1
    with Book.open(levels.book("QS")) as office:
        receive_answer(office, down.path, by=HEAD)
        assert [one["note"] for one in office.row(row.id).marks] == ["补充"]


def test_only_the_leading_group_sends_up(levels: Levels) -> None:
    with Book.open(levels.union) as book:
        with pytest.raises(PackageError, match="--only summary,report"):
            export_period(book, levels.folder / "o", PASSPHRASE, by=REVIEWER, progress=quiet)
        parts = ("summary",)
        out = levels.folder / "p"
        made = export_period(book, out, PASSPHRASE, by=REVIEWER, parts=parts, progress=quiet)
    assert not [path for path in made.files if path.suffix == ".wjz"]


# Forged and misdirected


def changed(line: dict[str, Any], **changes: Any) -> None:
    """Changes a line in place."""
    line |= changes


FORGERIES: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "not referred": (lambda line: changed(line, stage="determined"), "不是下级机构报上级认定"),
    "another office": (lambda line: changed(line, id="BH-0001"), "不是下级机构报上级认定"),
    "nothing said": (lambda line: line.pop("union"), "说法不一"),
    "within authority": (lambda line: line["union"].update({"class": "normal"}), "权限以内"),
    "no time": (lambda line: line["union"]["opinions"][0].update(at="gestern"), "时间"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_dishonest_union_is_refused(levels: Levels, forgery: str) -> None:
    change, word = FORGERIES[forgery]
    forger = Forger(sent_up(levels), Office(levels.folder), levels.folder / "forged.wjz")
    forger.change_rows(lambda lines: change(lines[0]))
    forger.agree()
    forger.entries["manifest.sig"] = resigned(levels, forger.entries["manifest.json"])
    with Book.open(levels.book("SL")) as above:
        done = levels.taken_above(above, forger.save())
        assert word in done.reason
        assert not done.taken
        assert list(above.rows()) == []


def test_what_the_union_had_set_is_the_lowest_layer_above(levels: Levels) -> None:
    forger = Forger(sent_up(levels), Office(levels.folder), levels.folder / "forged.wjz")
    layer = {"values": {"expected_loss": "1.00", "no_such_field": "2"}, "reason": "重估"}
    forger.change_rows(lambda lines: lines[0]["union"].update(layers={"review": layer}))
    forger.agree()
    forger.entries["manifest.sig"] = resigned(levels, forger.entries["manifest.json"])
    with Book.open(levels.book("SL")) as above:
        # The papers stay signed by the same key, and no paper shows layers.
        assert levels.taken_above(above, forger.save()).taken
        row = next(above.rows())
        assert row.layers == {"below": {"values": {"expected_loss": "1.00"}, "reason": "重估"}}
        assert case_of(above, row.id).layered is not None


def resigned(levels: Levels, manifest: bytes) -> bytes:
    """The county union's own signature over another manifest."""
    from app.package.signature import sign_manifest

    with Book.open(levels.union, write=False) as book:
        return sign_manifest(manifest, unlock(book, PASSPHRASE))


def test_a_changed_package_does_not_hold(levels: Levels) -> None:
    forger = Forger(sent_up(levels), Office(levels.folder), levels.folder / "forged.wjz")
    forger.change_manifest(lambda data: data["for"].append({"code": "BH", "name": "白河信用社"}))
    assert not verify_package(forger.save()).holds


def test_a_row_comes_one_way_only(levels: Levels) -> None:
    package = sent_up(levels)
    with Book.open(levels.book("SL")) as above:
        assert levels.taken_above(above, package).taken
        direct = levels.taken_above(above, levels.package("QS"))
        assert not direct.taken
        assert "已由LS上报" in direct.reason


def test_an_answer_for_another_union_or_of_an_office_does_not_count(levels: Levels) -> None:
    package = sent_up(levels)
    answer = answered(levels, package)
    with Book.open(levels.union) as book:
        ruleset = book.ruleset
    with Book.create(
        levels.book("LT"), Institution("LT", "邻县联社"), BASE_DATE, union=True, ruleset=ruleset
    ) as other:
        other.add_person(LEADER, "leading_group")
        create_key(other, PASSPHRASE, by=LEADER)
        with pytest.raises(NotAcceptedError, match="给LS"):
            receive_answer(other, answer, by=LEADER, accept=signer_of(answer))
    for code, word in (("QS", "不是本联社的上级"), ("SL", "QS的密钥")):
        with Book.open(levels.union) as book:
            before = book.verify_history().head
            with pytest.raises(NotAcceptedError, match=word):
                receive_answer(book, by_the_office(levels, code), by=LEADER)
            assert book.verify_history().head == before


def by_the_office(levels: Levels, code: str) -> Path:
    """An answer that the office made up, in its own name or in that of the level above."""
    from dataclasses import replace

    from app.package.answers import build_receipt

    with Book.open(levels.book("SL"), write=False) as above:
        with above.store.read() as connection:
            package = current_package(connection, above.period.id, "LS")
        assert package is not None
        head = _head(above, Institution("LS", "某县联社"), package)
    with Book.open(levels.book("QS"), write=False) as office:
        key = unlock(office, PASSPHRASE)
    made = replace(head, kind="receipt", union=Institution(code, "冒名"))
    out = levels.folder / f"made-up-{code}.wjz"
    build_receipt(out, key, made, Totals(), "<p>")
    return out


def test_an_answer_to_an_earlier_package_does_not_count(levels: Levels) -> None:
    answer = answered(levels, sent_up(levels))
    with Book.open(levels.union) as book:
        first = beyond(book)[0]
        minutes = levels.folder / "m.txt"
        given = entry(first.id, class_="损失", reason="批复", minutes=minutes)
        minutes.write_text("批复", encoding="utf-8")
        determine(book, [given], by=LEADER)
        levels.up(book)
        with pytest.raises(NotAcceptedError, match="最近一次"):
            receive_answer(book, answer, by=LEADER, accept=signer_of(answer))
