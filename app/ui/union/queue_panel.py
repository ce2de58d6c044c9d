"""The queue with its filters: office, table, class, stage, sample, order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from app.forms.classes import FiveClass
from app.ui.ask import add_buttons, make_dialog
from app.ui.buttons import link_button
from app.ui.desk import Desk
from app.ui.fields.base import Line
from app.ui.fields.leading import lead_through
from app.ui.flow_layout import FlowLayout
from app.ui.sign_line import soft_label
from app.ui.union.queue_view import QueueView

if TYPE_CHECKING:
    from app.union.queue import Sample

Filter = tuple[str, Any]
ORDER_WORDS: tuple[Filter, ...] = (
    ("先看最该看的", "worth"),
    ("按金额", "amount"),
    ("按机构和附表", "place"),
)
ALL_STAGES: Filter = ("全部状态", ())
REVIEW_STAGES: tuple[Filter, ...] = (
    ("待初审", "review"),
    ("待归口审核", "department"),
    ("损失待审计", "audit"),
    ("待认定", "determination"),
    ("等信用社答复", "answer"),
    ("已退回", ("returned",)),
    ("已认定", ("determined",)),
    ALL_STAGES,
)
DETERMINE_STAGES: tuple[Filter, ...] = (
    ("待认定", "determination"),
    ("损失待审计", "audit"),
    ("已认定", ("determined",)),
    ("已报上级", ("referred",)),
    ALL_STAGES,
)
"""Either stages, or what a row waits for."""
DRAW = -1


class QueuePanel(QFrame):
    """Head with filters, list below."""

    loaded = Signal()
    moved_on = Signal(object)
    """Rows of the list that no longer match: others have dealt with them."""

    def __init__(self, desk: Desk, title: str, stages: Sequence[Filter]) -> None:
        super().__init__()
        self.desk = desk
        self.look = desk.look
        self.search = ""
        self.ids: Sequence[str] | None = None
        """Certain rows that are to be seen, whatever the filters say."""
        self._asked = 0
        self.setProperty("surface", "paper")
        px = self.look.px
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(px(12), px(8), px(8), px(6))
        column.setSpacing(px(4))
        self.title = QLabel(title)
        self.title.setFont(self.look.font(bold=True))
        self._own_title = title
        self.all_button = link_button("看全部", "不再只看这个数的资产")
        self.all_button.clicked.connect(self.show_queue)
        self.all_button.hide()
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.all_button)
        column.addLayout(top)
        filters = QWidget()
        self._flow = FlowLayout(filters, px(6))
        column.addWidget(filters)
        self.stage = self._combo("状态", stages)
        self.office = self._combo("机构", [("全部机构", "")])
        tables = [(f"{t.id} {t.short_title}", t.id) for t in desk.book.ruleset.row_tables]
        self.table = self._combo("附表", [("全部附表", ""), *tables])
        classes = [(f"{c.sign} {c.label}", c.value) for c in FiveClass]
        self.class_ = self._combo("程序结果", [("全部类别", ""), *classes])
        self.sample = self._combo("抽样", [("不抽样", None)])
        self.order = self._combo("次序", ORDER_WORDS)
        self.count = soft_label(wrap=False)
        self.count.setFont(self.look.font("small"))
        column.addWidget(self.count)
        layout.addWidget(head)
        self.view = QueueView(self.look, desk.book)
        layout.addWidget(self.view, 1)
        self.fill_choices()

    def _combo(self, name: str, entries: Sequence[Filter]) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        combo.setMaximumWidth(self.look.px(168))
        for words, value in entries:
            combo.addItem(words, value)
        combo.activated.connect(lambda _place: self._chosen(combo))
        self._flow.addWidget(combo)
        return combo

    # ── filters

    def fill_choices(self) -> None:
        """Reads offices and samples again; what is chosen stays."""
        from app.union.offices import known_offices
        from app.union.queue import all_samples

        offices = [(f"{one.code} {one.name}", one.code) for one in known_offices(self.desk.book)]
        self._refill(self.office, [("全部机构", ""), *offices])
        samples = [(_sample_words(one), one.id) for one in all_samples(self.desk.book)]
        self._refill(self.sample, [("不抽样", None), *samples, ("抽一批…", DRAW)])

    def _refill(self, combo: QComboBox, entries: Sequence[Filter]) -> None:
        chosen = combo.currentData()
        if [combo.itemText(place) for place in range(combo.count())] == [w for w, _ in entries]:
            return
        combo.clear()
        for words, value in entries:
            combo.addItem(words, value)
        combo.setCurrentIndex(max(0, combo.findData(chosen)))

    def set_filter(self, combo: QComboBox, value: Any) -> None:
        """Sets a filter without reading yet."""
        places = [place for place in range(combo.count()) if combo.itemData(place) == value]
        combo.setCurrentIndex(places[0] if places else 0)

    def show_all_of(self, office: str) -> None:
        """All rows of an office, whatever their state."""
        for combo in (self.table, self.class_, self.sample):
            combo.setCurrentIndex(0)
        self.set_filter(self.stage, ())
        self.set_filter(self.office, office)
        self._forget_ids()
        self.reload()

    def show_ids(self, ids: Sequence[str], words: str) -> None:
        """Certain rows alone, as those behind a figure; the filters choose among them."""
        for combo in (self.office, self.table, self.class_, self.sample):
            combo.setCurrentIndex(0)
        self.set_filter(self.stage, ())
        self.ids = ids
        self.title.setText(words)
        self.all_button.show()
        self.reload()

    def show_queue(self) -> None:
        """The whole queue again."""
        self._forget_ids()
        self.reload()

    def _forget_ids(self) -> None:
        self.ids = None
        self.title.setText(self._own_title)
        self.all_button.hide()

    def _chosen(self, combo: QComboBox) -> None:
        if combo is self.sample and combo.currentData() == DRAW:
            combo.setCurrentIndex(0)
            self.ask_sample()
            return
        self.reload()

    # ── reading

    def reload(self) -> None:
        """Reads the queue again in the worker; the list stays until the new one is there."""
        self._asked += 1
        asked = self._asked
        self.desk.worker.start(
            "读清单",
            self._reading(),
            lambda ids: self._loaded(asked, ids),
            quiet=True,
            owner=self,
        )

    def look_again(self) -> None:
        """Shows the rows as they are now, in the order they have; tells what no longer matches."""
        asked = self._asked
        self.desk.worker.start(
            "读清单",
            self._reading(),
            lambda ids: self._looked(asked, ids),
            quiet=True,
            owner=self,
        )

    def _looked(self, asked: int, ids: list[str]) -> None:
        if asked != self._asked or not self.desk.has_book:
            return
        shown, now = set(self.view.lines.ids), set(ids)
        self.view.lines.renew_all()
        new = len(now - shown)
        words = f"{len(shown)}笔" + (f"，另有{new}笔新到，按 F5 重读" if new else "")
        self.count.setText(words)
        self.moved_on.emit(shown - now)

    def _reading(self) -> Callable[[object], list[str]]:
        """What reads the queue with the filters as they are now."""
        from app.union.queue import queue_ids

        book, given = self.desk.book, self.ids
        wanted: dict[str, Any] = {
            "institution": self.office.currentData() or "",
            "table_id": self.table.currentData() or "",
            "class_": self.class_.currentData() or "",
            **self._by_stage(),
            "sample": self.sample.currentData(),
            "search": self.search,
            "order_by": self.order.currentData() or "worth",
        }

        def work(_progress: object) -> list[str]:
            found = queue_ids(book, **wanted)
            if given is None:
                return found
            certain = set(given)
            return [one for one in found if one in certain]

        return work

    def _by_stage(self) -> dict[str, Any]:
        chosen = self.stage.currentData() or ()
        return {"waits": chosen} if isinstance(chosen, str) else {"stages": tuple(chosen)}

    def _loaded(self, asked: int, ids: list[str]) -> None:
        if asked != self._asked or not self.desk.has_book:
            return
        kept = self.view.current_id()
        self.view.lines.show_ids(ids)
        self.count.setText(f"{len(ids)}笔" if ids else "没有符合条件的资产。")
        if not self.view.choose(kept) and ids:
            self.view.choose_place(0)
        self.loaded.emit()

    # ── samples

    def ask_sample(self) -> None:
        """Asks how many rows are drawn; the seed is recorded, so they can be drawn again."""
        if not self.desk.need_person():
            return
        text = "从现在的机构、附表、类别里随机抽取。种子留空由程序产生；同一种子总抽到同样的资产。"
        dialog = make_dialog(self, self.look, "抽样", text)
        layout = dialog.layout()
        assert isinstance(layout, QVBoxLayout)
        size, seed = Line("20"), Line()
        for line, name in ((size, "笔数"), (seed, "种子")):
            line.setAccessibleName(name)
            layout.addWidget(QLabel(name))
            layout.addWidget(line)

        def accept() -> None:
            if size.text().strip().isdigit():
                dialog.accept()
                self.draw(int(size.text()), seed.text().strip())

        add_buttons(dialog, "抽取", accept)
        lead_through((size, seed), accept)
        dialog.open()
        size.setFocus()
        size.selectAll()

    def draw(self, size: int, seed: str) -> None:
        """Draws a sample in the worker and shows it."""
        from app.union.queue import draw_sample

        book, by = self.desk.book, self.desk.by
        scope = {
            "institution": self.office.currentData() or "",
            "table_id": self.table.currentData() or "",
            "class_": self.class_.currentData() or "",
        }

        def work(_progress: object) -> Sample:
            return draw_sample(book, size, by=by, seed=seed, **scope)

        self.desk.worker.start("抽样", work, self._drawn, quiet=True)

    def _drawn(self, sample: Sample) -> None:
        self.desk.tell_saved()
        self.fill_choices()
        self.set_filter(self.sample, sample.id)
        self.set_filter(self.stage, ())
        self._forget_ids()
        self.reload()
        self.desk.messages.tell(f"抽取{sample.size}笔，种子 {sample.seed}，已记录。", kind="good")


def _sample_words(one: Sample) -> str:
    return f"抽样{one.id}：{one.size}笔（{one.by} {one.at.astimezone():%m-%d}）"
