"""An office takes the union's answer in: receipt or decision, verified before anything counts."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING, Any

import msgspec

from app.book.accepted_keys import keys_of
from app.book.landing import Landed, land
from app.book.receiving import Arrival, take_in
from app.package.archive import open_archive, read_entry
from app.package.errors import PackageError
from app.package.lines import check_decision
from app.package.manifest import Manifest
from app.package.signature import Signer
from app.package.verify import read_lines, verify_package

if TYPE_CHECKING:
    from app.book.book import Book
    from app.union.answering import FromAbove

KINDS = {"receipt": "回执", "decision": "决定"}


class NotAcceptedError(PackageError):
    """An answer that does not count; nothing was taken in."""


class UncomparedKeyError(NotAcceptedError):
    """Signed with another key than the one known; each surface says how it is compared."""

    def __init__(self, message: str, short_code: str) -> None:
        super().__init__(message)
        self.short_code = short_code


@dataclass
class Received:
    """What an answer brought."""

    kind: str
    union: str
    key_code: str
    first_contact: bool
    """Whether the union's key was taken without anybody having compared its short code."""
    seal_code: str
    again: bool
    landed: Landed = field(default_factory=Landed)
    differences: int = 0


@dataclass(frozen=True, slots=True)
class Sender:
    """Who says he has made an answer, and whether the book trusts his key."""

    kind: str
    union: str
    """Code and name."""
    key_code: str
    compared: bool
    """Whether a person has compared this key's short code with the union."""
    earlier: str
    """The short code of the union's key that counts now; empty before there is one."""


def sender_of(book: Book, path: Path) -> Sender:
    """Looks at an answer without taking it in; NotAcceptedError where it does not hold."""
    if not path.is_file():
        raise NotAcceptedError(f"找不到文件 {path}。请核对文件名。")
    manifest, signer, _ = _verified(path)
    code, name = manifest.institution.code, manifest.institution.name
    if book.is_union:
        from app.union.answering import need_from_above

        need_from_above(book, code, signer.short_code)
    # Other keys of a union's book are its offices'.
    keys = keys_of(book.store, code) or ([] if book.is_union else keys_of(book.store))
    compared = any(key.short_code == signer.short_code and key.accepted_by for key in keys)
    earlier = next((key.short_code for key in keys), "")
    return Sender(manifest.kind, f"{code} {name}", signer.short_code, compared, earlier)


def receive_answer(book: Book, path: Path, *, by: str, accept: str = "") -> Received:
    """Takes a receipt or decision in, all of it or nothing; NotAcceptedError says why not.

    `accept` is the short code of the union's key, compared by a person. The very first key counts
    without it; another one never does.
    """
    if not path.is_file():
        raise NotAcceptedError(f"找不到文件 {path}。请核对文件名。")
    with tempfile.TemporaryDirectory() as folder:
        # A copy of our own: what was verified is what is read.
        copy = Path(folder) / path.name
        copyfile(path, copy)
        return _receive(book, copy, by, accept)


def _receive(book: Book, path: Path, by: str, accept: str) -> Received:
    manifest, signer, raw_digest = _verified(path)
    way = _union_way(book, manifest, signer) if book.is_union else None
    _need_addressed(book, manifest, way)
    keys = keys_of(book.store, manifest.institution.code)
    known = _need_key(keys, signer, accept, any(keys_of(book.store)))
    arrival = Arrival(
        manifest=msgspec.to_builtins(manifest) | {"entries": []},
        sha256=raw_digest,
        key_code=signer.short_code,
        certificate=signer.certificate,
        new_key=not known,
        compared=bool(accept),
        made_at=_made_at(manifest),
    )
    with open_archive(path) as archive:
        lines: Iterator[dict[str, Any]] = iter(())
        if manifest.kind == "decision":
            lines = read_lines(archive, check_decision)
        files = {
            entry.sha256: read_entry(archive, entry.path, entry.size)
            for entry in manifest.entries
            if entry.path.startswith("attachments/")
        }
        landing = way.land if way else land
        landed = take_in(book.store, arrival, lines, files, by=by, landing=landing)
    assert manifest.answers is not None
    return Received(
        kind=manifest.kind,
        union=manifest.institution.name,
        key_code=signer.short_code,
        first_contact=not known and not accept,
        seal_code=manifest.answers.seal_code,
        again=landed is None,
        landed=landed or Landed(),
        differences=manifest.answers.differences,
    )


def _verified(path: Path) -> tuple[Manifest, Signer, str]:
    found = verify_package(path)
    if not found.holds or found.manifest is None or found.signer is None:
        raise NotAcceptedError(found.refusal)
    if found.manifest.kind == "submission":
        raise NotAcceptedError(
            f"{path.name} 是上报的文件包，不是联社的回执或决定。请选联社发来的。"
        )
    return found.manifest, found.signer, sha256(path.read_bytes()).hexdigest()


def _union_way(book: Book, manifest: Manifest, signer: Signer) -> FromAbove:
    """How a union takes an answer in; none of its offices answers for the level above."""
    from app.union.answering import FromAbove, need_from_above

    need_from_above(book, manifest.institution.code, signer.short_code)
    return FromAbove(book, manifest)


def _need_addressed(book: Book, manifest: Manifest, way: FromAbove | None) -> None:
    what = KINDS[manifest.kind]
    to = manifest.to
    if to is None or to.code != book.institution.code:
        raise NotAcceptedError(
            f"这份{what}是给{to.code if to else '别处'}的，不是给本社的，没有采用。"
            "请向联社要给本社的那一份。"
        )
    period = next((p for p in book.periods() if str(p.base_date) == manifest.base_date), None)
    if period is None or period.ruleset_hash != manifest.ruleset.hash:
        raise NotAcceptedError(
            f"这份{what}所说的{manifest.base_date}这一期与本账套对不上，没有采用。"
            "请核对打开的是不是那个账套；是的，请联社核对期和规则集。"
        )
    if period.id != book.period.id:
        book.select_period(period.id)
    answered = manifest.answers.seal_code if manifest.answers else ""
    last = way.sent() if way else period.seal_code
    if answered != last or not last:
        now = last or ("还没有上报" if way else "还没有封印")
        raise NotAcceptedError(
            f"这份{what}答复的是封印码{answered}的上报，本期最近一次是{now}，没有采用。"
            "请向联社索取对最近一次上报的答复。"
        )


def _need_key(keys: list[Any], signer: Signer, accept: str, any_known: bool) -> bool:
    """Whether the union's key is known already; NotAcceptedError for one that does not count."""
    if accept and accept != signer.short_code:
        raise NotAcceptedError(
            f"签名的密钥短码是{signer.short_code}，不是{accept}，没有采用。请与联社再核对短码。"
        )
    if any(key.short_code == signer.short_code for key in keys):
        # Comparing the code of the first contact later enters the key once more, with a name.
        return not accept or any(k.accepted_by for k in keys)
    if any_known and not accept:
        raise UncomparedKeyError(
            f"签名的密钥短码是{signer.short_code}，不是以前认可的密钥，没有采用。请与对方核对短码。",
            signer.short_code,
        )
    return False


def _made_at(manifest: Manifest) -> datetime:
    if manifest.made is None:
        raise NotAcceptedError("清单里的制作时间读不出来，没有采用。请联社重新制作。")
    return manifest.made
