"""Every key the window knows, once: menus, tips and the sheet of shortcuts are made from it."""

from __future__ import annotations

from msgspec import Struct


class Shortcut(Struct, frozen=True):
    """A command of the window: its words, its keys, the menu it stands in."""

    name: str
    words: str
    keys: tuple[str, ...]
    menu: str
    needs_book: bool = True
    tip: str = ""
    office: bool = False
    """Only for an office's book: a union's has no rows of its own."""
    at_union: str = ""
    """Its words in a union's book, where it does something else there."""
    leaves: bool = False
    """Whether it puts the open book away: not while long work needs it."""


SHORTCUTS: tuple[Shortcut, ...] = (
    Shortcut("new_book", "新建账套…", ("Ctrl+Shift+N",), "文件", needs_book=False, leaves=True),
    Shortcut("open_book", "打开账套…", ("Ctrl+O",), "文件", needs_book=False, leaves=True),
    Shortcut("open_database", "连接联社数据库…", (), "文件", needs_book=False, leaves=True),
    Shortcut("new_period", "新的一期…", (), "文件"),
    Shortcut("backup", "备份…", (), "文件", tip="把账套存一份安全的副本"),
    Shortcut(
        "restore_backup",
        "恢复备份…",
        (),
        "文件",
        needs_book=False,
        tip="先看里面再恢复",
        leaves=True,
    ),
    Shortcut("close_book", "关上账套", ("Ctrl+W",), "文件", leaves=True),
    Shortcut("quit", "退出", ("Ctrl+Q",), "文件", needs_book=False),
    Shortcut("undo", "撤销", ("Ctrl+Z",), "编辑"),
    Shortcut("redo", "重做", ("Ctrl+Y", "Ctrl+Shift+Z"), "编辑"),
    Shortcut("undo_list", "撤销到哪里…", ("Ctrl+Alt+Z",), "编辑", tip="看这次打开后改过什么"),
    Shortcut("add_row", "新增资产", ("Ctrl+N",), "编辑", office=True),
    Shortcut(
        "copy_row", "复制这一笔", ("Ctrl+D",), "编辑", tip="复制成新的一笔，编号留空", office=True
    ),
    Shortcut(
        "paste_rows", "粘贴到这张表…", (), "编辑", tip="粘贴从表格软件复制的内容", office=True
    ),
    Shortcut("set_many", "给选中的各笔填同一项…", ("Ctrl+M",), "编辑", office=True),
    Shortcut("remove_row", "移出资产…", (), "编辑", office=True),
    Shortcut("find", "搜索", ("Ctrl+F",), "编辑"),
    Shortcut(
        "same_as_above",
        "照上一笔填这一项",
        ("Ctrl+'",),
        "编辑",
        tip="与清单里上面一笔填得一样",
        office=True,
    ),
    Shortcut("next_row", "下一笔", ("Ctrl+Return", "Ctrl+Enter", "Ctrl+PgDown"), "编辑"),
    Shortcut("previous_row", "上一笔", ("Ctrl+Shift+Return", "Ctrl+PgUp"), "编辑"),
    Shortcut("next_problem", "下一个问题", ("F8",), "编辑", office=True),
    Shortcut("keep_warning", "保留警告并说明…", ("F7",), "编辑", at_union="对这一项提问题…"),
    Shortcut(
        "check",
        "检查这一笔",
        ("F5",),
        "编辑",
        tip="没有填的和填错的都显示出来",
        at_union="重新读清单",
    ),
    Shortcut("check_all", "检查全部", ("Ctrl+F5",), "编辑", office=True),
    Shortcut("close_form", "回到清单", ("Esc",), "编辑"),
    Shortcut("take_in", "接收上报包、联社答复…", ("Ctrl+R",), "工具"),
    Shortcut("import_rows", "导入清单…", ("Ctrl+I",), "工具", office=True),
    Shortcut("import_balances", "导入总账余额…", (), "工具", office=True),
    Shortcut("template", "取填报模板…", (), "工具", office=True),
    Shortcut("subjects", "科目表…", (), "工具"),
    Shortcut("people", "人员…", (), "工具"),
    Shortcut("key", "本社密钥和印章…", (), "工具"),
    Shortcut("overview", "总览", ("Ctrl+Home",), "视图"),
    Shortcut("toggle_list", "显示或隐藏清单", ("F6",), "视图"),
    Shortcut("toggle_side", "显示或隐藏说明、底稿、资料", ("F9",), "视图", office=True),
    Shortcut("toggle_paper", "对照资料填写", ("F3",), "视图", tip="资料在右边，要填的在左边"),
    Shortcut("zoom_in", "放大", ("Ctrl++", "Ctrl+="), "视图", needs_book=False),
    Shortcut("zoom_out", "缩小", ("Ctrl+-",), "视图", needs_book=False),
    Shortcut("zoom_reset", "原来大小", ("Ctrl+0",), "视图", needs_book=False),
    Shortcut("help", "帮助…", ("F1",), "帮助", needs_book=False, tip="找说明、依据和案例"),
    Shortcut("shortcuts", "快捷键", ("Ctrl+F1",), "帮助", needs_book=False),
    Shortcut("tour", "先看一遍演示", (), "帮助", needs_book=False, tip="一步一张卡片", leaves=True),
    Shortcut("about", "关于五级", (), "帮助", needs_book=False),
)
MENUS = {"文件": "F", "编辑": "E", "工具": "T", "视图": "V", "帮助": "H"}

FORM_KEYS: tuple[tuple[str, str], ...] = (
    ("Enter、Tab", "下一项"),
    ("Shift+Enter、Shift+Tab", "上一项"),
    ("1 … 5", "选第几个答案"),
    ("← →、空格", "移动、选中答案"),
    ("Backspace", "取消所选的答案"),
    ("Alt+Enter", "在长文字里换行"),
    ("Alt+1 … Alt+9", "到第几部分"),
    ("Alt+PgUp、Alt+PgDn", "对照的资料：上一页、下一页"),
    ("Alt+＋、Alt+－、Alt+0", "对照的资料：放大、缩小、适合宽度"),
    ("Alt+R、Alt+→", "对照的资料：向右转、下一份"),
    ("Alt+Del、Alt+X", "对照的资料：去掉框、收起"),
    ("F4", "全部理由、距离和需要的资料"),
)
"""Keys inside the form, which no menu shows."""

LIST_KEYS: tuple[tuple[str, str], ...] = (
    ("Ctrl+V", "在清单里：粘贴从表格软件复制的内容"),
    ("Shift+↑ ↓、Ctrl+A", "在清单里：选几笔、全选"),
    ("右键、菜单键", "在清单里：能对选中的做什么"),
    ("Ctrl+A、F7", "在问题里：选中同样的警告、一起保留"),
    ("Ctrl+M", "在问题里：缺同一项的各笔一起填"),
)


def shown_keys(shortcut: Shortcut) -> str:
    """The first key as people read it."""
    return shortcut.keys[0].replace("Return", "Enter") if shortcut.keys else ""


def shortcut_lines() -> list[tuple[str, str]]:
    """Keys and words of everything, for their page of the help."""
    listed = [(shown_keys(one), one.words.rstrip("…")) for one in SHORTCUTS if one.keys]
    return [*FORM_KEYS, *LIST_KEYS, *listed]
