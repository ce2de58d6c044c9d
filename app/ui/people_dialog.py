"""Who works on the book: everyone's name and role, adding someone, choosing who works now."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.ask import ask_role, ask_text
from app.ui.buttons import push_button
from app.ui.desk import Desk
from app.ui.fields.base import Line
from app.ui.message_bar import MessageBar
from app.ui.messages import Messages
from app.ui.room import FittingDialog
from app.ui.sign_line import soft_label

ROLE_HELP = {
    "preparer": "收集资料，填底稿和认定表，提出初分意见。",
    "accountant": "核对账务，确认底稿；不能确认自己初分的资产。",
    "head": "审阅，签字，盖章上报。",
    "working_group": "接收各社上报，初审，退回补正。",
    "department": "审核初审意见，写出本部门的意见。",
    "auditor": "对损失类等资产写审计意见。",
    "leading_group": "认定类别，下发决定。",
}


class PeopleDialog(FittingDialog):
    """登记人员."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk = desk
        self.look = desk.look
        self.setWindowTitle("人员")
        px = self.look.px
        self.setMinimumWidth(px(520))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(16))
        layout.setSpacing(px(12))
        self.messages = Messages()
        layout.addWidget(MessageBar(self.look, self.messages))
        doing = "办理" if desk.book.is_union else "填报"
        layout.addWidget(soft_label(f"每一处修改都记下是谁做的。{doing}前先选自己。"))
        self.list = QListWidget()
        self.list.setProperty("kind", "words")
        self.list.setAccessibleName("人员")
        self.list.setProperty("surface", "card")
        self.list.setMinimumHeight(px(80))
        self.list.itemActivated.connect(lambda _item: self._choose())
        layout.addWidget(self.list)
        layout.addLayout(self._mending())
        layout.addWidget(self._adding())
        layout.addLayout(self._buttons())
        self._renew()

    def _mending(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.rename_button = QPushButton("改姓名…")
        self.rename_button.setToolTip("姓名打错了，还没有做过记录的，可以改")
        self.rename_button.clicked.connect(self._ask_name)
        self.remove_button = QPushButton("移除")
        self.remove_button.setToolTip("登记错了，还没有做过记录的，可以移除")
        self.remove_button.clicked.connect(self.remove)
        self.role_button = QPushButton("改岗位…")
        self.role_button.setToolTip("换了岗位；以前做过的记录不变")
        self.role_button.clicked.connect(self.ask_role)
        for button in (self.role_button, self.rename_button, self.remove_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _adding(self) -> QFrame:
        px = self.look.px
        card = QFrame()
        card.setProperty("surface", "card")
        grid = QGridLayout(card)
        grid.setContentsMargins(px(12), px(10), px(12), px(10))
        self.name = Line()
        self.name.setAccessibleName("姓名")
        self.name.setPlaceholderText("姓名")
        # A plain line would let Enter through to the dialog, which then closes.
        self.name.stepped.connect(lambda _step: self.add())
        self.role = QComboBox()
        self.role.setAccessibleName("岗位")
        self.add_button = QPushButton("添加")
        self.add_button.setAutoDefault(False)
        self.add_button.clicked.connect(self.add)
        self.help = soft_label()
        from app.book.types import ROLES

        for code in self._roles():
            self.role.addItem(ROLES[code], code)
        self.role.currentIndexChanged.connect(lambda _i: self._show_help())
        grid.addWidget(self.name, 0, 0)
        grid.addWidget(self.role, 0, 1)
        grid.addWidget(self.add_button, 0, 2)
        grid.addWidget(self.help, 1, 0, 1, 3)
        grid.setColumnStretch(0, 1)
        self._show_help()
        return card

    def _roles(self) -> tuple[str, ...]:
        from app.book.types import OFFICE_ROLES, ROLES

        if not self.desk.book.is_union:
            return OFFICE_ROLES
        # Its own roles first: who works at the union is seldom a preparer.
        return (*(one for one in ROLES if one not in OFFICE_ROLES), *OFFICE_ROLES)

    def _show_help(self) -> None:
        self.help.setText(ROLE_HELP[str(self.role.currentData())])

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        doing = "办理" if self.desk.book.is_union else "填报"
        self.choose_button = push_button(f"由选中的人{doing}", main=True)
        self.choose_button.clicked.connect(self._choose)
        close = QPushButton("关闭")
        close.setAutoDefault(False)
        close.clicked.connect(self.accept)
        row.addStretch(1)
        row.addWidget(self.choose_button)
        row.addWidget(close)
        return row

    def _renew(self) -> None:
        from app.book.types import ROLES

        self.list.clear()
        for person in self.desk.book.people():
            self.list.addItem(f"{person.name}　{ROLES[person.role]}")
            if person.name == self.desk.by:
                self.list.setCurrentRow(self.list.count() - 1)
        if self.list.currentRow() < 0 and self.list.count():
            self.list.setCurrentRow(0)
        buttons = (self.choose_button, self.role_button, self.rename_button, self.remove_button)
        for button in buttons:
            button.setEnabled(self.list.count() > 0)

    def add(self) -> None:
        """Adds the person that was typed in."""
        name = self.name.text().strip()
        if not name:
            self.messages.tell("请先写姓名。", kind="warning")
            return
        with self.messages.guarded() as guard:
            self.desk.book.add_person(name, str(self.role.currentData()), by=self.desk.by or None)
        if guard.ok:
            self.name.clear()
            self.messages.clear()
            self._renew()
            self.desk.people_changed.emit()
            if self.desk.person is None:
                self.desk.choose_person(name)
            self.name.setFocus()

    def _chosen(self) -> str:
        people = self.desk.book.people()
        place = self.list.currentRow()
        return people[place].name if 0 <= place < len(people) else ""

    def _ask_name(self) -> None:
        name = self._chosen()
        if name:
            ask_text(
                self, self.look, title="改姓名", text=f"“{name}”应为：", label="姓名", action="改",
                then=lambda new_name: self.rename(name, new_name),
            )  # fmt: skip

    def rename(self, name: str, new_name: str) -> None:
        """Corrects a mistyped name."""
        from app.book.people import rename_person

        with self.messages.guarded() as guard:
            person = rename_person(self.desk.book.store, name, new_name, by=self.desk.by)
        if guard.ok:
            self._people_mended(name, person.name)

    def remove(self) -> None:
        """Takes the chosen person out."""
        from app.book.people import remove_person

        name = self._chosen()
        if not name:
            return
        with self.messages.guarded() as guard:
            remove_person(self.desk.book.store, name, by=self.desk.by)
        if guard.ok:
            self._people_mended(name, "")

    def _people_mended(self, old: str, new: str) -> None:
        """Shows the people as they are now; who works may bear another name or be gone."""
        self.messages.clear()
        if self.desk.by == old:
            self.desk.choose_person(new)
        self._renew()
        self.desk.people_changed.emit()

    def _choose(self) -> None:
        name = self._chosen()
        if name:
            self.desk.choose_person(name)
            self.accept()

    def ask_role(self) -> None:
        """Asks which role the chosen person gets, and why."""
        from app.book.types import ROLES

        name = self._chosen()
        if not name:
            return
        person = self.desk.book.person(name)
        if not self.desk.by:
            self.messages.tell("请先选自己，再改别人的岗位。", kind="warning")
            return
        ask_role(
            self,
            self.look,
            person=f"{person.name}（{ROLES[person.role]}）",
            roles={code: ROLES[code] for code in self._roles() if code != person.role},
            then=lambda role, why: self.change_role(person.name, role, why),
        )

    def change_role(self, name: str, role: str, why: str) -> None:
        """Gives someone another role from now on."""
        from app.book.types import ROLES

        with self.messages.guarded() as guard:
            changed = self.desk.book.change_role(name, role, by=self.desk.by, why=why)
        if not guard.ok:
            return
        self.messages.tell(f"{name}的岗位已改为{ROLES[changed.role]}。", kind="good")
        if name == self.desk.by:
            self.desk.choose_person(name)
        self._renew()
        self.desk.tell_saved()
        self.desk.people_changed.emit()
