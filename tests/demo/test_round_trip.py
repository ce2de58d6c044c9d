"""The round trip of the demonstration: union, return, decisions, ledger, next period."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from app.book.migration import migration
from app.book.summary import consolidated_summary
from app.demo.county import PEOPLE, SAMPLE
from app.demo.places import BASE_DATE, NEXT_DATE
from app.package.verify import verify_package
from app.papers.sign import verify_pdf
from app.union.case import case_of
from app.union.changing import opinions_of
from app.union.offices import office_states
from app.union.queue import all_samples
from tests.demo.made import Demo
from tests.demo.test_campaign import BACK, OFFICES


def test_everything_is_determined_to_the_fen(demo: Demo) -> None:
    totals = Decimal(0), Decimal(0), 0
    for office in OFFICES:
        with demo.book(office) as book:
            assert book.period.state == "closed"
            assert book.period.base_date == BASE_DATE
            total = consolidated_summary(book, "determined", netted=False).total
            assert len(book.followups()) == total.count == book.row_count(None)
            totals = (
                totals[0] + total.classified,
                totals[1] + total.expected_loss,
                totals[2] + total.count,
            )
    with demo.union() as union:
        total = consolidated_summary(union, "determined", netted=False).total
        assert (total.classified, total.expected_loss, total.count) == totals
        assert total.unreviewed == 0
        assert demo.told["union"]["determined"] == total.count == len(union.followups())
        assert {one.state for one in office_states(union)} == {"determined"}
        assert union.verify_history().whole


def test_one_row_went_back_and_came_again(demo: Demo) -> None:
    row_id = demo.told["union"]["returned"]
    with demo.union() as union:
        given = [one.stage for one in opinions_of(union, row_id)]
        assert given[0] == "return"
        assert given[-1] == "determination"
        assert {"remarks", "evidence"} <= {one.field for one in case_of(union, row_id).changes}
        (sample,) = all_samples(union)
        assert (sample.seed, sample.size) == (demo.told["union"]["sample_seed"], SAMPLE)
    with demo.book(BACK) as book:
        kinds = [one.kind for one in book.history(row_id)]
        assert kinds.index("return") < kinds.index("determine")


def test_the_union_valued_a_row_otherwise(demo: Demo) -> None:
    with demo.union() as union:
        layered = [row for row in union.rows() if row.determined_loss != row.expected_loss]
    (row,) = layered
    assert row.institution == "QS"
    assert (row.determined_loss or 0) > (row.expected_loss or 0)


def test_losses_were_voted_on_with_minutes(demo: Demo) -> None:
    with demo.union() as union:
        losses = [row for row in union.rows() if row.values["determined_class"] == "loss"]
        assert losses
        for row in losses[:5]:
            last = opinions_of(union, row.id)[-1]
            assert (last.by, last.minutes_name) == (list(PEOPLE)[3], "会议纪要.png")
            assert "同意5票" in last.vote
            assert row.values["audit_opinion"]


def test_every_answer_and_paper_is_signed(demo: Demo) -> None:
    union = demo.told["union"]
    for name in (*union["receipts"], *union["decisions"]):
        found = verify_package(Path(name))
        assert found.holds, found.faults
    papers = [name for name in union["summaries"] if name.endswith(".pdf")]
    papers += [n for o in demo.told["offices"] for n in o["decided"] if n.endswith(".pdf")]
    sheets = [name for name in papers if name.endswith("big-losses.pdf")]
    assert len(papers) - len(sheets) == 2 * 3 + len(OFFICES)
    assert {Path(name).parent.name for name in sheets} >= {"forms", BACK}
    assert all(verify_pdf(Path(name)).bottom_line for name in papers)


def test_the_next_period_is_open_with_what_was_handed_on(demo: Demo) -> None:
    for office in OFFICES:
        with demo.book(office) as book:
            before = {row.id: row for row in book.rows()}
            paid = {row.id for row in before.values() if row.values.get("recovered_on")}
        with demo.book(office, period=1) as book:
            assert book.period.base_date == NEXT_DATE
            assert book.period.state == ("sealed" if office == BACK else "open")
            rows = list(book.rows())
            gone = paid if office == BACK else set()
            assert {row.id for row in rows} == before.keys() - gone
            for row in rows:
                assert row.last_class is not None
                assert row.last_class.value == before[row.id].values["determined_class"]
            if office == BACK:
                assert paid
                continue
            assert {row.stage for row in rows} == {"draft"}
            assert all("initial_class" not in row.values for row in rows)
    with demo.union(period=1) as union:
        states = {one.code: one.state for one in office_states(union)}
        assert states == {"QS": "missing", "BH": "received", "YS03": "missing"}


def test_offices_that_have_not_reported_yet_have_lost_nothing(demo: Demo) -> None:
    with demo.union() as union:
        before = [row for row in union.rows() if row.institution == "BH"]
        paid = [row for row in before if row.values.get("recovered_on")]
    with demo.union(period=1) as union:
        moved = migration(union)
        assert moved is not None
        assert sum(one.count for one in moved.gone.values()) == len(paid)
        assert sum(one.count for one in moved.stayed.values()) == len(before) - len(paid)
