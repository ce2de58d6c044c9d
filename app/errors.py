"""The root of all errors that a person can do something about."""

from __future__ import annotations

import errno


class KnownError(Exception):
    """What was asked can't be done; the message is one Chinese line: what, where, what to do."""


_SYSTEM = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘满了",
    errno.EDQUOT: "磁盘配额满了",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "上级不是文件夹",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EEXIST: "已经有了",
}


def system_reason(error: OSError) -> str:
    """Why the system refused, in Chinese where it is one of the usual reasons."""
    return _SYSTEM.get(error.errno or 0, error.strerror or type(error).__name__)
