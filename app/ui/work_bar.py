"""Long work while it runs: what it is at, how far, time left, cancel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QWidget

from app.ui.buttons import push_button, resting_place
from app.ui.cut_label import CutLabel
from app.ui.look import Look
from app.ui.worker import Job, Step, Worker

MINUTE = 60


def time_words(seconds: float) -> str:
    """A time as people say it: seconds, from a minute and a half on minutes."""
    if seconds < MINUTE * 3 // 2:
        return f"{max(1, round(seconds))}秒"
    return f"{round(seconds / MINUTE)}分钟"


class WorkBar(QFrame):
    """Shows the job that runs.

    `page`: where the keyboard goes when the button goes; without it the dialog that the bar is in.
    """

    def __init__(
        self, look: Look, worker: Worker, page: Callable[[], QWidget] | None = None
    ) -> None:
        super().__init__()
        self._page = page
        self.job: Job | None = None
        self.setProperty("surface", "paper")
        self.setVisible(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(12), look.px(6), look.px(8), look.px(6))
        row.setSpacing(look.px(12))
        self.title = QLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        # A dialog must not grow past its screen for work that is over in a moment.
        self.bar.setMinimumWidth(look.px(60))
        self.bar.setMaximumWidth(look.px(220))
        self.text = CutLabel()
        self.text.setProperty("tone", "soft")
        self.cancel_button = push_button("取消")
        self.cancel_button.clicked.connect(self._cancel)
        row.addWidget(self.title)
        row.addWidget(self.bar, 1)
        row.addWidget(self.text, 2)
        row.addWidget(self.cancel_button)
        worker.started.connect(self.follow)

    def follow(self, job: Job) -> None:
        """Shows this job from now on."""
        self.job = job
        self.title.setText(job.title)
        self.text.show_words("")
        self.bar.setRange(0, 0)
        self.cancel_button.setEnabled(True)
        self.show()
        job.progress.stepped.connect(self._step)
        job.ended.connect(lambda: self._ended(job))

    def _step(self, step: Step) -> None:
        # A count at its end says nothing about what comes after it: a full bar would stand still.
        self.bar.setRange(0, step.total if step.done < step.total else 0)
        self.bar.setValue(step.done)
        left = step.seconds_left
        words = f"这一步约还要{time_words(left)}" if left is not None else ""
        self.text.show_words("，".join(filter(None, (step.text, words))))

    def _cancel(self) -> None:
        if self.job is not None:
            self._hand_back()
            self.cancel_button.setEnabled(False)
            self.text.show_words("正在停下…")
            self.job.cancel()

    def _ended(self, job: Job) -> None:
        if job is self.job:
            self.job = None
            self._hand_back()
            self.hide()

    def _hand_back(self) -> None:
        """The page gets the keyboard, for good: the next job's button must not take it again."""
        if self.cancel_button.hasFocus():
            (resting_place(self) if self._page is None else self._page()).setFocus()
