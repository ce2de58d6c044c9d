"""The one place through which the program tells the user something."""

from __future__ import annotations

import errno
from types import TracebackType
from typing import Literal

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from app import __version__
from app.errors import KnownError, system_reason

Kind = Literal["good", "info", "warning", "error"]

WAYS_OUT: dict[int, str] = {
    errno.ENOENT: "请看看它是否被移走或改名。",
    errno.EACCES: "请换一个文件夹，或请管理员授权。",
    errno.EPERM: "请换一个文件夹，或请管理员授权。",
    errno.EROFS: "请换一个可以写的磁盘或文件夹。",
    errno.ENOSPC: "请清理磁盘后再试一次；账套没有改动。",
    errno.EDQUOT: "请清理磁盘后再试一次；账套没有改动。",
    errno.EISDIR: "请选一个文件。",
}
"""What to do where the system refuses; other refusals are faults of the program."""


class Message(Struct, frozen=True):
    """What happened, what to do, and, folded away, the technical detail."""

    kind: Kind
    text: str
    way_out: str = ""
    detail: str = ""


class Messages(QObject):
    """Everything that is to be told goes out here; the window decides where it stands."""

    told = Signal(object)
    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._last: Message | None = None
        self.told.connect(self._remember)

    def tell(self, text: str, way_out: str = "", *, kind: Kind = "info") -> Message:
        """Tells one thing."""
        message = Message(kind, text, way_out)
        self.told.emit(message)
        return message

    def withdraw(self, message: Message) -> None:
        """Takes a message away that is no longer so; one that came after it stays."""
        if message is self._last:
            self.clear()

    def _remember(self, message: Message) -> None:
        self._last = message

    def clear(self) -> None:
        """Takes the last message away."""
        self.cleared.emit()

    def tell_error(self, error: BaseException) -> None:
        """A known error in one line, anything else as a fault of the program."""
        self.told.emit(known_message(error) or bug_message(error))

    def guarded(self) -> Guard:
        """A `with` block whose known errors are told; others go on to the one handler."""
        return Guard(self)


class Guard:
    """Tells known errors of a block; `ok` says whether it went through."""

    def __init__(self, messages: Messages) -> None:
        self.messages = messages
        self.ok = False

    def __enter__(self) -> Guard:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _place: TracebackType | None,
    ) -> bool:
        if error is None:
            self.ok = True
            return False
        message = known_message(error)
        if message is None:
            return False
        self.messages.told.emit(message)
        return True


def known_message(error: BaseException) -> Message | None:
    """What to tell about an error that is foreseen; None for a fault of the program."""
    if isinstance(error, KnownError):
        return Message("error", str(error))
    if isinstance(error, OSError) and error.errno in WAYS_OUT:
        name = f"“{error.filename}”：" if error.filename else ""
        return Message("error", f"{name}{system_reason(error)}。", WAYS_OUT[error.errno])
    return None


def bug_message(error: BaseException) -> Message:
    """What to tell about a fault of the program."""
    return Message(
        "error",
        "程序出了一个没有料到的错误，刚才的操作没有完成。",
        "已保存的内容不受影响。请复制详情，发给维护人员；然后可以接着做。",
        bug_detail(error),
    )


def bug_detail(error: BaseException) -> str:
    """Version, system and traceback: what a maintainer needs."""
    import platform
    import sys
    import traceback

    lines = traceback.format_exception(type(error), error, error.__traceback__)
    head = f"wuji {__version__}, Python {sys.version.split()[0]}, {platform.platform()}\n\n"
    return head + "".join(lines)
