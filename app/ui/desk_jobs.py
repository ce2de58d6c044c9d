"""Dialogs and files of an open book: people, key, periods, imports, templates, backups."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.ui import navigation, remembered
from app.ui.desk import Desk
from app.ui.places import save_as

BACKUP_FILTER = "账套的备份 (*.wuji)"
TEMPLATE_FILTER = "Excel 工作簿 (*.xlsx)"


class DeskJobs(QObject):
    """Opens the dialogs and starts the work that belongs to no page."""

    page_asked = Signal(str)
    renew_asked = Signal()
    """The page that is shown may be out of date."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self.desk = desk
        self.window = window

    def people(self) -> None:
        """人员."""
        from app.ui.people_dialog import PeopleDialog

        PeopleDialog(self.desk, self.window).open()

    def key(self) -> None:
        """密钥."""
        from app.ui.key_dialog import KeyDialog

        dialog = KeyDialog(self.desk, self.window)
        dialog.finished.connect(lambda _code: self.renew_asked.emit())
        dialog.open()

    def new_period(self) -> None:
        """新的一期."""
        from app.ui.period_dialog import PeriodDialog

        PeriodDialog(self.desk, self.window).open()

    def balance(self, subject: str) -> None:
        """登记余额."""
        if not self.desk.need_person():
            return
        from app.ui.balance_dialog import BalanceDialog

        dialog = BalanceDialog(self.desk, self.window, subject)
        dialog.finished.connect(lambda _code: self.renew_asked.emit())
        dialog.open()

    def subjects(self, code: str = "", table_id: str = "") -> None:
        """科目表; with a code it stands ready to add it."""
        if not self.desk.need_person():
            return
        from app.ui.subjects_dialog import SubjectsDialog

        dialog = SubjectsDialog(self.desk, self.window, code, table_id=table_id)
        dialog.finished.connect(lambda _code: self.renew_asked.emit())
        dialog.open()

    def import_rows(self, table_id: str) -> None:
        """Takes a listing in; the table is recognised when none is named."""
        if self.desk.need_person():
            from app.ui.import_dialog import ImportDialog

            dialog = ImportDialog(self.desk, self.window, table_id)
            dialog.imported.connect(lambda table: self.page_asked.emit(navigation.TABLE + table))
            dialog.open()
            dialog.choose_file()

    def import_balances(self) -> None:
        """导入总账余额."""
        if self.desk.need_person():
            from app.ui.balance_import_dialog import BalanceImportDialog

            dialog = BalanceImportDialog(self.desk, self.window)
            dialog.imported.connect(lambda: self.page_asked.emit(navigation.RECONCILIATION))
            dialog.open()
            dialog.choose_file()

    def save_template(self, table_id: str) -> None:
        """Asks where the XLSX to fill in by hand goes, and writes it."""
        table = self.desk.book.ruleset.table(table_id)
        folder = Path(remembered.last_folder(self.desk.settings))
        suggestion = folder / f"附表{table_id}{table.short_title}.xlsx"
        out = save_as(self.window, "模板保存在", suggestion, TEMPLATE_FILTER)
        if out is not None:
            remembered.set_last_folder(self.desk.settings, out)
            self.write_template(table_id, out)

    def write_template(self, table_id: str, out: Path) -> None:
        """Writes a template in the worker."""
        ruleset = self.desk.book.ruleset

        def work(_progress: object) -> Path:
            from app.intake.template import write_template

            write_template(ruleset, table_id, out)
            return out

        self.desk.worker.start("写模板", work, lambda path: self._done(f"模板已写好：{path}。"))

    def backup(self) -> None:
        """Asks where the copy of the book goes, and writes it."""
        path = self.desk.place
        folder = remembered.backup_folder(self.desk.settings, path)
        suggestion = folder / f"{path.stem}-备份{date.today():%Y%m%d}.wuji"
        out = save_as(self.window, "备份到", suggestion, BACKUP_FILTER)
        if out is not None:
            remembered.set_backup_folder(self.desk.settings, path, out.parent)
            self.write_backup(out)

    def write_backup(self, out: Path) -> None:
        """Writes a safe copy in the worker."""
        book = self.desk.book

        def work(_progress: object) -> Path:
            from app.book.backup import backup

            return backup(book, out)

        self.desk.worker.start("备份", work, self._backed_up)

    def _backed_up(self, out: Path) -> None:
        remembered.note_backup(self.desk.settings, self.desk.place, out, datetime.now(UTC))
        self._done(f"已备份到{out}。")
        self.desk.backed_up.emit()

    def _done(self, text: str) -> None:
        self.desk.messages.tell(text, kind="good")
