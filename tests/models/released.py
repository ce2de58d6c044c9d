"""Makes the stored book of a release; `python -m tests.models.released` writes it.

Run it once when a release brings a new schema; a stored book is never made again afterwards.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from app.book.book import Book, Institution
from app.book.checks import check_book
from app.book.keys import create_key
from app.book.pointing import set_box
from app.book.types import Balance, Box
from app.models.schema import SCHEMA_VERSION
from tests.book.samples import ACCOUNTANT, BASE_DATE, CLERK, case_values, finished_values

FOLDER = Path(__file__).parent / "books"
PASSPHRASE = "released"
BOX = Box("carrying_amount", 1, (1000, 2000, 4000, 2500))
EVIDENCE = "评估报告：已无变现价值。".encode()


def make_book(path: Path) -> None:
    """A small book that uses everything a book can hold."""
    with Book.create(path, Institution("QS01", "青山信用社"), BASE_DATE) as book:
        book.add_person(CLERK, "preparer")
        book.add_person(ACCOUNTANT, "accountant")
        create_key(book, PASSPHRASE, by=CLERK)
        book.add_subject("1399", "其他暂付", "1-5", by=CLERK)
        for table_id, number in (("1-1", 111), ("1-2", 19), ("1-2", 3), ("1-3", 14), ("1-8", 6)):
            book.add_row(table_id, finished_values(table_id, number), by=CLERK)
        listed = [case_values("1-5", 151, asset_no=str(number)) for number in (1, 2)]
        book.add_rows(
            "1-5", listed, by=CLERK, source="其他应收款.csv",
            printed=[{"经办": "老王"}, {}], totals={"carrying_amount": Decimal("40000.01")},
        )  # fmt: skip
        book.set_balances([Balance("1391", "其他应收款", Decimal("41250.00"))], by=CLERK)
        vehicles = next(book.rows("1-3"))
        report = book.attach(vehicles.id, EVIDENCE, "评估报告.txt", by=CLERK, paper="评估报告")
        set_box(book, report.id, BOX, by=CLERK)
        book.set_big_loss(vehicles.id, {"responsible": "无"}, by=CLERK)
        book.confirm(None, by=ACCOUNTANT)
        for finding in check_book(book):
            if finding.code == "W005" and "1391" in finding.message:
                book.keep(finding.id, "已核对原始凭证，情况属实", by=CLERK)
        with book.sealing("ABCD-EFGH-JKMN", by=CLERK):
            pass
        book.add_period(date(2007, 12, 31), carry_forward=True, by=CLERK)
        book.set_values(vehicles.id, {"carrying_amount": "三十八万"}, by=CLERK, why="未看清")
        book.save_draft(vehicles.id, "remarks", "对方来")


if __name__ == "__main__":
    make_book(FOLDER / f"v{SCHEMA_VERSION}.wuji")
