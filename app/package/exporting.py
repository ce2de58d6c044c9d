"""Exporting a period: stamped and signed papers, workbooks, and the package, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.book.seal_record import SealRecord, seal_record
from app.errors import system_reason
from app.package.build import Progress, build_package, package_name
from app.package.content import Sealed, seal_code, sealed_of
from app.package.errors import PackageError
from app.package.manifest import BALANCES, MANIFEST, ROWS
from app.papers import wording
from app.papers.from_book import Sealing, local_time, paper_head
from app.papers.index_page import INDEX, IndexPage, described, write_index
from app.papers.placing import Placing, desk_in, placing_into

if TYPE_CHECKING:
    from app.book.book import Book
    from app.book.keys import SigningKey
    from app.book.readiness import Readiness
    from app.book.types import Finding
    from app.package.manifest import Manifest
    from app.papers.export import PapersMade

ALL_PARTS = ("forms", "summary", "report", "package")
PAPER_PARTS = ("forms", "summary", "report")
BIG_LOSS_SET_PDF = "forms/big-losses.pdf"
NOT_PACKED = frozenset(("loss-report.docx", BIG_LOSS_SET_PDF))
"""What lies in the folder only: a package holds the signed paper of it, and its own table 2."""


class SealingRefusedError(PackageError):
    """Something is still open; `findings` says what."""

    def __init__(self, findings: list[Finding]) -> None:
        errors = sum(finding.severity == "error" for finding in findings)
        warnings = len(findings) - errors
        super().__init__(
            f"还不能封印：有{errors}个错误没有改，{warnings}个警告没有说明理由。"
            "请逐条处理后再上报。"
        )
        self.findings = findings


@dataclass(frozen=True)
class Exported:
    """What was written."""

    seal_code: str
    """Empty for drafts."""
    files: list[Path]
    package: Path
    """Where the package is (it need not have been asked for)."""
    notes: list[str]
    """What the reader should know, such as characters that no font has."""


def export_period(
    book: Book,
    out: Path,
    passphrase: str,
    *,
    by: str,
    parts: tuple[str, ...] = ALL_PARTS,
    progress: Progress,
) -> Exported:
    """Writes the parts asked for into `out`; with the package the period is sealed too.

    Papers of a period that is not sealed yet are drafts: signed, but without seal and code.
    SealingRefusedError when something is open; nothing is written unless everything is.
    """
    export = Export(book, out, by, parts, progress)
    if book.is_union:
        from app.union.going_up import union_export

        export = union_export(book, out, by, parts, progress)
    # What was judged is what is printed and what is packed: nobody changes it in between.
    with book.exporting():
        return export.run(passphrase)


@dataclass(frozen=True)
class PackedAs:
    """A package of an export, before it is put into its place."""

    manifest: Manifest
    path: Path
    key_code: str


class Export:
    """One export, from the check to the files in their place."""

    def __init__(
        self, book: Book, out: Path, by: str, parts: tuple[str, ...], progress: Progress
    ) -> None:
        self.book = book
        self.out = out
        self.by = by
        self.parts = parts
        self.progress = progress
        self.packed = "package" in parts
        self.seals = self.packed and book.period.state != "sealed"
        self.packed_as: PackedAs | None = None
        self.packs: Book = book
        """Whose rows go into the package."""
        self.is_draft = not self.packed and book.period.state == "open"

    def run(self, passphrase: str) -> Exported:
        """Checks, writes beside, seals, and only then puts the files into their place."""
        from app.book.checks import check_book
        from app.book.keys import unlock
        from app.book.readiness import readiness

        self.progress(0, 0, "检查")
        findings = check_book(self.book)
        self._need_readiness(readiness(self.book, findings))
        sealed = self.sealed(findings)
        key = unlock(self.book, passphrase)
        code = self._code(sealed)
        name = package_name(self.book)
        with desk_in(self.out, Path(name).stem) as desk:
            record = seal_record(self.book)
            at = record.at if record else self.book.store.now()
            made = self.papers(desk, key, code, sealed, at)
            files = dict(made.files)
            if self.packed:
                papers = self._packed_papers(desk, made.files, code, sealed, at)
                manifest = build_package(
                    self.packs, desk / name, key, papers, self.progress, sealed
                )
                if manifest.seal_code != code:
                    raise PackageError("导出的时候账套内容变了，没有封印。请再导出一次。")
                files[name] = desk / name
                self.packed_as = PackedAs(manifest, desk / name, key.short_code)
            files[INDEX] = self._index(desk / INDEX, self._listed(files), code, sealed, at)
            with placing_into(self.out, desk / "replaced") as placing:
                placing.make_room(files)
                self.write_down(code, sealed, at)
                placed = self._placed(placing, files, code)
        return Exported(code, placed, self.out / name, self._notes(made))

    def _notes(self, made: PapersMade) -> list[str]:
        """What the reader should know; also of a file that says what no longer holds."""
        if made.left_out and (self.out / BIG_LOSS_SET_PDF).exists():
            return [*made.notes, wording.left_behind(BIG_LOSS_SET_PDF)]
        return made.notes

    def sealed(self, findings: list[Finding]) -> Sealed:
        """What is sealed besides the rows."""
        return sealed_of(self.book, findings)

    def _need_readiness(self, state: Readiness) -> None:
        """Papers too wait for open problems; only a head seals."""
        if not state.rows:
            raise PackageError(
                f"{self.book.period.base_date}这一期还没有一笔资产，没有可导出的内容。请先登记或导入。"
            )
        # What an office had to explain is explained in its package; a union reports as it stands.
        if state.findings and not self.book.is_union:
            raise SealingRefusedError(list(state.findings))
        if not self.seals or self.by in state.sealers:
            return
        if not state.sealers:
            raise PackageError("上报要由负责人封印，账套里还没有负责人。请先添加负责人。")
        raise PackageError(
            f"上报要由负责人封印。请由{'、'.join(state.sealers)}来做（命令里用 --as 写明姓名）。"
        )

    def _code(self, sealed: Sealed) -> str:
        """The seal code of what is exported; none for drafts."""
        if self.is_draft:
            return ""
        code = seal_code(self.packs, sealed)
        if self.book.period.state == "sealed" and self.book.period.seal_code != code:
            raise PackageError("账套内容与封印时不同，不能再次导出。请联系技术人员。")
        return code

    def papers(
        self, desk: Path, key: SigningKey, code: str, sealed: Sealed, at: datetime
    ) -> PapersMade:
        """The papers; a package always holds every one of them."""
        parts = PAPER_PARTS if self.packed else self.parts
        return self.papers_of(self.book, desk, key, code, sealed, at, parts)

    def papers_of(
        self,
        book: Book,
        desk: Path,
        key: SigningKey,
        code: str,
        sealed: Sealed,
        at: datetime,
        parts: tuple[str, ...],
    ) -> PapersMade:
        """Some parts of the papers, of the rows of a book."""
        from app.book.seal_picture import seal_picture
        from app.papers.export import BIG_LOSS_SET, make_papers

        if "report" in parts and "forms" not in parts:
            parts = (*parts, BIG_LOSS_SET)
        return make_papers(
            book,
            desk,
            seal_code=code,
            key=key,
            at=at,
            seal_picture=seal_picture(self.book, sealed.head["seal_picture"]),
            people=sealed.head["people"],
            kept=sealed.kept,
            parts=parts,
            progress=self.progress,
        )

    def _packed_papers(
        self, desk: Path, made: Mapping[str, Path], code: str, sealed: Sealed, at: datetime
    ) -> dict[str, Path]:
        """What goes into the package: the papers, and the page that shows them and the data."""
        papers = {name: path for name, path in made.items() if name not in NOT_PACKED}
        names = [*papers, ROWS, BALANCES, MANIFEST]
        page = desk / "packed" / INDEX
        papers[INDEX] = self._index(page, names, code, sealed, at, with_evidence=True)
        return papers

    def _listed(self, files: Iterable[str]) -> list[str]:
        """The files of this export and those of earlier ones that stay in the folder."""
        names = dict.fromkeys(files)
        if self.out.exists():
            there = (path.relative_to(self.out).as_posix() for path in self.out.rglob("*.*"))
            names |= dict.fromkeys(name for name in sorted(there) if described(name))
        return list(names)

    def _index(
        self,
        out: Path,
        names: list[str],
        code: str,
        sealed: Sealed,
        at: datetime,
        *,
        with_evidence: bool = False,
    ) -> Path:
        sealing = Sealing(code, local_time(at), sealed.head["people"], sealed.kept)
        head = paper_head(self.book, sealing)
        page = IndexPage(head, "initial", tuple(names), with_evidence=with_evidence)
        return write_index(self.packs if with_evidence else self.book, page, out)

    def write_down(self, code: str, sealed: Sealed, at: datetime) -> None:
        """Seals the period, or notes that papers went out; a sealed period stays as it is."""
        if self.seals:
            record = SealRecord(sealed.head, frozenset(one.finding_id for one in sealed.kept), at)
            with self.book.sealing(code, by=self.by, record=record.entry()):
                pass
        elif self.book.period.state != "sealed":
            with self.book.store.write(self.by, sealed=True, for_export=True) as change:
                change.log("export", new={"parts": list(self.parts), "seal_code": code})

    def _placed(self, placing: Placing, files: dict[str, Path], code: str) -> list[Path]:
        try:
            return placing.put(files)
        except OSError as error:
            if not self.seals:
                raise
            # A package of an open book must never lie about; a sealed book gives it once more.
            raise PackageError(
                f"本期已封印（封印码{code}），但文件没有放进{self.out}：{system_reason(error)}。"
                "请再导出一次，内容不会变。"
            ) from error
