"""The union of the demonstration: packages in, review, return, determination, decisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from app.book.book import Book
from app.book.keys import create_key, office_key, unlock
from app.demo.evidence import picture
from app.demo.places import (
    BASE_DATE,
    UNION,
    DemoError,
    Office,
    Progress,
    UnionResult,
    new_passphrase,
    read_passphrase,
)
from app.forms.classes import FiveClass
from app.forms.values import half_up
from app.union.decisions import decide
from app.union.determination import determine
from app.union.entries import Entry
from app.union.intake import collect
from app.union.queue import QueueLine, draw_sample, review_queue
from app.union.receipts import write_receipt
from app.union.review import review

REVIEWER, DEPARTMENT, AUDITOR, LEADER = "周慧敏", "郑国栋", "孙立新", "钱振东"
PEOPLE = {
    REVIEWER: "working_group",
    DEPARTMENT: "department",
    AUDITOR: "auditor",
    LEADER: "leading_group",
}
PAGE = 2000
"""Rows that are worked on at a time."""
SEED, SAMPLE = "演示", 10
QUESTIONS = (("remarks", "请写明至今没有办妥手续的原因"), ("evidence", "缺少有关部门出具的证明"))
ASKED_TABLE, ASKED_CLASS = "1-8", FiveClass.SPECIAL_MENTION
"""What the row is like that goes back to its office."""


class County:
    """The union's desk while the demonstration runs."""

    def __init__(self, folder: Path, progress: Progress) -> None:
        self.folder = folder
        self.result = UnionResult(UNION.name, folder / "books" / f"{UNION.name}.wuji")
        self._progress = progress

    def set_up(self) -> None:
        """The union's book with its people, its key and the minutes of a meeting."""
        passphrase = new_passphrase(self.folder, UNION)
        (self.folder / "union").mkdir()
        self._minutes.write_bytes(picture("领导小组会议纪要", UNION.name))
        with Book.create(self.result.book, UNION, BASE_DATE, union=True) as book:
            for name, role in PEOPLE.items():
                book.add_person(name, role)
            create_key(book, passphrase, by=REVIEWER)

    @property
    def _minutes(self) -> Path:
        return self.folder / "union" / "会议纪要.png"

    @property
    def passphrase(self) -> str:
        """Of the union's key."""
        return read_passphrase(self.folder, UNION)

    def tell(self, done: int, of: int, text: str) -> None:
        """Progress in the union's name."""
        self._progress(done, of, f"{UNION.name}：{text}")

    def take_in(self, packages: Sequence[tuple[Office, Path]]) -> dict[str, Path]:
        """Takes packages in, the keys of their offices accepted; the receipts by office."""
        receipts = self.folder / "union" / "receipts"
        made = {}
        with Book.open(self.result.book) as book:
            key = unlock(book, self.passphrase)
            for place, (office, package) in enumerate(packages):
                self.tell(place, len(packages), "接收文件包")
                accepted = [_short_code(office)]
                done = collect(book, package, by=REVIEWER, accept=accepted)
                if not done.taken or done.findings:
                    raise DemoError(f"{package.name}：{done.reason or done.findings}")
                receipt = write_receipt(book, done, receipts, key, by=REVIEWER)
                made[office.institution.code] = receipt
        self.result.received += made.values()
        return made

    def look_through(self, codes: Sequence[str], back: str) -> None:
        """Opinions of working group, auditor and department; one row of `back` is returned."""
        with Book.open(self.result.book) as book:
            draw_sample(book, min(SAMPLE, book.row_count(None)), by=REVIEWER, seed=SEED)
            self.result.sample = SEED
            self.result.returned = _give_back(book, back)
            _value_otherwise(book, codes[0])
            for place, code in enumerate(codes):
                self.tell(place, len(codes), "初审、审计、归口审核")
                _review_all(book, code)

    def look_again(self, code: str) -> None:
        """The row that came again is reviewed too."""
        with Book.open(self.result.book) as book:
            _review_all(book, code)

    def determine(self, codes: Sequence[str]) -> None:
        """The leading group follows the review; losses with vote and minutes."""
        with Book.open(self.result.book) as book:
            for place, code in enumerate(codes):
                self.tell(place, len(codes), "认定")
                for lines in _pages(book, code, "checked"):
                    entries = [self._determination(line) for line in lines]
                    self.result.determined += len(determine(book, entries, by=LEADER).rows)

    def _determination(self, line: QueueLine) -> Entry:
        if line.review_class is not FiveClass.LOSS:
            return Entry(line.id, line.id)
        return Entry(
            line.id, line.id, vote="同意5票，反对0票，弃权0票", votes=(5, 0), minutes=self._minutes
        )

    def decide(self) -> dict[str, Path]:
        """The decisions that wait, by office."""
        self.tell(0, 0, "写决定")
        with Book.open(self.result.book) as book:
            key = unlock(book, self.passphrase)
            made = decide(book, self.folder / "union" / "decisions", key, by=LEADER)
        self.result.decisions += [one.path for one in made]
        return {one.office.code: one.path for one in made}

    def report(self) -> None:
        """Summary, ledger, register and reports of the period as it stands."""
        from app.package.exporting import export_period
        from app.papers.register_file import write_register
        from app.papers.summary_export import export_summary

        with Book.open(self.result.book) as book:
            out = self.folder / "union" / f"summary-{book.period.base_date}"
            made = export_summary(book, out, self.passphrase, progress=self.tell)
            reports = export_period(
                book, self.folder / "union" / f"report-{book.period.base_date}", self.passphrase,
                by=LEADER, parts=("report",), progress=self.tell,
            )  # fmt: skip
            self.result.summaries += [*made.files, *reports.files]
            for suffix in (".xlsx", ".csv"):
                register = out / f"register{suffix}"
                write_register(book, register, progress=self.tell)
                self.result.summaries.append(register)


def _short_code(office: Office) -> str:
    """What the office says on the telephone when it is asked for its key."""
    with Book.open(office.book, write=False) as book:
        key = office_key(book)
    return key.short_code if key else ""


def _pages(book: Book, code: str, stage: str) -> Iterator[list[QueueLine]]:
    """An office's rows in a stage, page by page; whoever takes a page moves its rows on."""
    while lines := review_queue(book, institution=code, stage=stage, order_by="place", limit=PAGE):
        yield lines


def _give_back(book: Book, code: str) -> str:
    """Returns one row with questions on two of its fields."""
    found = review_queue(
        book, institution=code, table_id=ASKED_TABLE, class_=ASKED_CLASS.value, limit=1
    ) or review_queue(book, institution=code, limit=1)
    entry = Entry(found[0].id, found[0].id, marks=QUESTIONS, reason="分类依据不足，请补正后再报。")
    review(book, [entry], by=REVIEWER)
    return found[0].id


def _value_otherwise(book: Book, code: str) -> None:
    """The working group expects a little more loss on one row, in its own layer."""
    found = review_queue(
        book, institution=code, class_=FiveClass.DOUBTFUL.value, stage="submitted", limit=PAGE
    )
    for line in found:
        if line.expected_loss and line.carrying_amount and line.expected_loss > 0:
            loss = min(half_up(line.expected_loss * Decimal("1.05"), 2), line.carrying_amount)
            given = Entry(line.id, line.id, loss=f"{loss:.2f}", reason="按近期询价调高预计损失。")
            review(book, [given], by=REVIEWER)
            return


def _review_all(book: Book, code: str) -> None:
    """The working group agrees, the auditor writes on losses, the department follows."""
    for stage in ("submitted", "under_review"):
        for lines in _pages(book, code, stage):
            review(book, [_opinion(line) for line in lines], by=REVIEWER)
    for lines in _pages(book, code, "reviewed"):
        losses = [line for line in lines if line.review_class is FiveClass.LOSS]
        audit = "经核查，损失情况属实，手续合规，责任另行认定。"
        if losses:
            review(book, [Entry(x.id, x.id, audit_opinion=audit) for x in losses], by=AUDITOR)
        agreed = [Entry(x.id, x.id, department_opinion="同意初审意见。") for x in lines]
        review(book, agreed, by=DEPARTMENT)


def _opinion(line: QueueLine) -> Entry:
    class_ = line.layer_class or line.suggested
    reason = "同意初分意见。" if class_ is line.initial_class else "按联社测算的预计损失。"
    return Entry(line.id, line.id, class_=class_.value if class_ else None, reason=reason)
