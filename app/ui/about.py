"""What program this is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QVBoxLayout, QWidget

from app import __version__
from app.ui.ask import make_dialog
from app.ui.look import Look
from app.ui.sign_line import soft_label


def _add_close(dialog: QDialog) -> None:
    close = QPushButton("关闭")
    close.clicked.connect(dialog.accept)
    layout = dialog.layout()
    if isinstance(layout, QVBoxLayout):
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)


def show_about(parent: QWidget, look: Look) -> QDialog:
    """Name, version, licence."""
    dialog = make_dialog(parent, look, "关于五级", "")
    layout = dialog.layout()
    if isinstance(layout, QVBoxLayout):
        name = QLabel(f"五级 {__version__}")
        name.setFont(look.font("title", bold=True))
        layout.addWidget(name)
        layout.addWidget(soft_label("农村信用社非信贷资产风险分类。不联网，数据只在账套文件里。"))
        layout.addWidget(
            soft_label(
                "程序按 Apache-2.0 许可证发布；字体为 Noto Sans SC、Noto Serif SC，"
                "按 SIL OFL 1.1 许可证发布；界面用 Qt，按 LGPL-3 许可证使用。"
            )
        )
    _add_close(dialog)
    dialog.open()
    return dialog
