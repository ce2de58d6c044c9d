"""What the window remembers from one time to the next: a well-defined few keys of QSettings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QByteArray, QSettings, QStandardPaths
from PySide6.QtWidgets import QWidget

ORGANISATION = "wuji"
APPLICATION = "wuji"
MOST_RECENT = 8
RECENT = "recent"
TAKEN = "evidence/taken"
MOST_TAKEN = 1000
PRACTICE = "演示"


class RecentBook(Struct, frozen=True):
    """A book that was open before."""

    path: Path
    institution: str


def open_settings() -> QSettings:
    """The settings of this user on this computer."""
    return QSettings(
        QSettings.Format.IniFormat, QSettings.Scope.UserScope, ORGANISATION, APPLICATION
    )


def recent_books(settings: QSettings) -> list[RecentBook]:
    """The books opened last, newest first; those that are gone are left out."""
    count = settings.beginReadArray(RECENT)
    found = []
    for place in range(count):
        settings.setArrayIndex(place)
        path, name = str(settings.value("path", "")), str(settings.value("institution", ""))
        found.append(RecentBook(Path(path), name))
    settings.endArray()
    return [book for book in found if book.path.is_file()]


def _keep_recent(settings: QSettings, books: list[RecentBook]) -> None:
    settings.remove(RECENT)
    settings.beginWriteArray(RECENT, len(books))
    for place, book in enumerate(books):
        settings.setArrayIndex(place)
        settings.setValue("path", str(book.path))
        settings.setValue("institution", book.institution)
    settings.endArray()


def add_recent(settings: QSettings, path: Path, institution: str) -> None:
    """Puts a book at the head of the list; the demonstration's is nobody's own."""
    if is_practice(path):
        return
    path = path.resolve()
    others = [book for book in recent_books(settings) if book.path != path]
    _keep_recent(settings, [RecentBook(path, institution), *others][:MOST_RECENT])


def _book_key(path: Path, name: str) -> str:
    from hashlib import sha256

    return f"books/{sha256(str(path.resolve()).encode()).hexdigest()[:16]}/{name}"


def forget_book(settings: QSettings, path: Path) -> None:
    """Forgets page, person and dates of a book that is made anew under the same name."""
    settings.remove(_book_key(path, "").rstrip("/"))


def practice_folder() -> Path:
    """Where the tour makes its book: with the program's own files, not with the clerk's."""
    place = QStandardPaths.StandardLocation.AppLocalDataLocation
    return Path(QStandardPaths.writableLocation(place)) / PRACTICE


def is_practice(path: Path) -> bool:
    """Whether a book is the tour's."""
    return path.resolve().parent == practice_folder().resolve()


def tour_seen(settings: QSettings) -> bool:
    """Whether the tour was taken here, to its end or a part of it."""
    return str(settings.value("tour/seen", "")) == "yes"


def set_tour_seen(settings: QSettings) -> None:
    """Keeps that the tour was taken."""
    settings.setValue("tour/seen", "yes")


def last_database(settings: QSettings) -> dict[str, str]:
    """Server, port, database and user of the union's book that was open last; no password."""
    settings.beginGroup("database")
    found = {key: str(settings.value(key)) for key in settings.childKeys()}
    settings.endGroup()
    return found


def set_last_database(settings: QSettings, given: Mapping[str, str]) -> None:
    """Keeps where the union's book on a server is."""
    for key, value in given.items():
        settings.setValue(f"database/{key}", value)


def last_person(settings: QSettings, path: Path) -> str:
    """Who worked on this book last."""
    return str(settings.value(_book_key(path, "person"), ""))


def set_last_person(settings: QSettings, path: Path, name: str) -> None:
    """Keeps who works on this book."""
    settings.setValue(_book_key(path, "person"), name)


def last_page(settings: QSettings, path: Path) -> str:
    """The page of the book that was open last."""
    return str(settings.value(_book_key(path, "page"), ""))


def set_last_page(settings: QSettings, path: Path, page: str) -> None:
    """Keeps which page is open."""
    settings.setValue(_book_key(path, "page"), page)


def export_folder(settings: QSettings, path: Path, base_date: str) -> Path:
    """Where the papers of a period went, or would go: a folder beside the book."""
    default = path.parent / f"上报{base_date}"
    return Path(str(settings.value(_book_key(path, f"out/{base_date}"), default)))


def set_export_folder(settings: QSettings, path: Path, base_date: str, folder: Path) -> None:
    """Keeps where the papers of a period went."""
    settings.setValue(_book_key(path, f"out/{base_date}"), str(folder))


def backup_folder(settings: QSettings, path: Path) -> Path:
    """Where copies of a book go: where the last one went, at first beside the book."""
    folders = Path(str(settings.value(_book_key(path, "backups"), path.parent))), path.parent
    return next((one for one in folders if one.is_dir()), book_folder(settings))


def set_backup_folder(settings: QSettings, path: Path, folder: Path) -> None:
    """Keeps where a copy of the book went."""
    settings.setValue(_book_key(path, "backups"), str(folder))


def begin_work(settings: QSettings, path: Path) -> bool:
    """Marks a book as being worked on; whether the mark of the last time still stood.

    The caller has the settings written soon: who is killed writes nothing any more.
    """
    key = _book_key(path, "open")
    unclean = str(settings.value(key, "")) == "yes"
    settings.setValue(key, "yes")
    if not settings.contains(_book_key(path, "since")):
        settings.setValue(_book_key(path, "since"), datetime.now(UTC).isoformat())
    return unclean


def end_work(settings: QSettings, path: Path) -> None:
    """Takes the mark away: the book was closed as it should be."""
    settings.remove(_book_key(path, "open"))
    settings.sync()


def first_seen(settings: QSettings, path: Path) -> datetime | None:
    """When the book was opened here for the first time."""
    return _moment(settings, path, "since")


def last_away(settings: QSettings, path: Path) -> datetime | None:
    """When a copy last went to another drive or folder than the book's."""
    return _moment(settings, path, "away")


def _moment(settings: QSettings, path: Path, name: str) -> datetime | None:
    found = str(settings.value(_book_key(path, name), ""))
    return datetime.fromisoformat(found) if found else None


def note_backup(settings: QSettings, path: Path, copy: Path, at: datetime) -> None:
    """Keeps when a copy was made, if it lies on another drive or folder than the book's."""
    if path.resolve().parent not in copy.resolve().parents:
        settings.setValue(_book_key(path, "away"), at.isoformat())


def keep_geometry(settings: QSettings, window: QWidget) -> None:
    """Keeps where the window stands and how large it is."""
    settings.setValue("window/geometry", window.saveGeometry())


def restore_geometry(settings: QSettings, window: QWidget) -> bool:
    """Puts the window where it stood; False when that isn't known."""
    geometry = settings.value("window/geometry")
    return isinstance(geometry, QByteArray) and window.restoreGeometry(geometry)


def keep_sizes(settings: QSettings, name: str, sizes: list[int]) -> None:
    """Keeps how a splitter is divided."""
    settings.setValue(f"window/{name}", ",".join(map(str, sizes)))


def sizes(settings: QSettings, name: str) -> list[int]:
    """How a splitter was divided; empty when that isn't known."""
    # Qt reads a text with commas back as a list.
    found = settings.value(f"window/{name}", "")
    words = found if isinstance(found, list) else str(found).split(",")
    return [int(word) for word in words if str(word).isdigit()]


def last_folder(settings: QSettings) -> str:
    """The folder that files were last chosen from; where it is gone, that of the books."""
    found = str(settings.value("files/folder", ""))
    return found if found and Path(found).is_dir() else str(book_folder(settings))


def set_last_folder(settings: QSettings, path: Path) -> None:
    """Keeps the folder of a chosen file."""
    settings.setValue("files/folder", str(path if path.is_dir() else path.parent))


def keep_originals(settings: QSettings) -> bool:
    """Whether the original of a photo is attached beside the scaled one."""
    return str(settings.value("evidence/originals", "")) == "yes"


def set_keep_originals(settings: QSettings, wanted: bool) -> None:
    """Keeps whether originals are attached too."""
    settings.setValue("evidence/originals", "yes" if wanted else "no")


def scan_folder(settings: QSettings) -> Path | None:
    """The folder a scanner writes to, where one was named."""
    found = str(settings.value("evidence/scans", ""))
    return Path(found) if found else None


def set_scan_folder(settings: QSettings, folder: Path | None, since: float) -> None:
    """Keeps the scanner's folder, and from what time on its files are new."""
    settings.setValue("evidence/scans", str(folder) if folder is not None else "")
    settings.setValue("evidence/scans_since", repr(since))
    settings.remove(TAKEN)


def scans_taken(settings: QSettings) -> tuple[float, frozenset[str]]:
    """From what time on scans are new, and those that were taken since."""
    since = float(str(settings.value("evidence/scans_since", "0")))
    return since, frozenset(_taken(settings))


def _taken(settings: QSettings) -> list[str]:
    count = settings.beginReadArray(TAKEN)
    found = []
    for place in range(count):
        settings.setArrayIndex(place)
        found.append(str(settings.value("scan", "")))
    settings.endArray()
    return found


def add_scans_taken(settings: QSettings, keys: list[str]) -> None:
    """Keeps that scans were taken; the newest thousand are remembered."""
    known = [*_taken(settings), *keys][-MOST_TAKEN:]
    settings.remove(TAKEN)
    settings.beginWriteArray(TAKEN, len(known))
    for place, key in enumerate(known):
        settings.setArrayIndex(place)
        settings.setValue("scan", key)
    settings.endArray()


def book_folder(settings: QSettings) -> Path:
    """Where a new book is suggested: beside the book opened last, never beside a listing."""
    books = recent_books(settings)
    return books[0].path.parent if books else documents_folder()


def documents_folder() -> Path:
    """The user's folder of documents; the home folder where there is none."""
    place = QStandardPaths.StandardLocation.DocumentsLocation
    folder = Path(QStandardPaths.writableLocation(place))
    return folder if folder.is_dir() else Path.home()
