"""Messages: known errors in one line with a way out, faults of the program with their detail."""

from __future__ import annotations

import errno

import pytest

from app.book.errors import BookError
from app.intake.messages import IntakeError
from app.package.errors import PackageError
from app.ui.messages import WAYS_OUT, Message, Messages, bug_message, known_message
from app.union.errors import UnionError


@pytest.mark.parametrize("kind", [BookError, PackageError, UnionError])
def test_errors_of_the_layers_are_known(kind: type[Exception]) -> None:
    message = known_message(kind("账套打不开。"))
    assert message == Message("error", "账套打不开。")


def test_errors_of_the_intake_are_known() -> None:
    message = known_message(IntakeError("I003", file="清单.xlsx"))
    assert message is not None
    assert "清单.xlsx" in message.text


def test_a_more_special_error_is_known_too() -> None:
    class SpecialError(BookError):
        """A kind of known error."""

    assert known_message(SpecialError("没有。")) == Message("error", "没有。")


@pytest.mark.parametrize("number", WAYS_OUT)
def test_errors_of_the_system_name_the_file_and_a_way_out(number: int) -> None:
    message = known_message(OSError(number, "refused", "/tmp/账套.wuji"))
    assert message is not None
    assert "/tmp/账套.wuji" in message.text
    assert message.way_out


def test_other_errors_are_faults_of_the_program() -> None:
    assert known_message(KeyError("x")) is None
    assert known_message(OSError(errno.EDOM, "odd")) is None


def test_a_fault_tells_what_it_means_for_the_data_and_folds_the_detail() -> None:
    message = bug_message(KeyError("x"))
    assert "已保存" in message.way_out
    assert "KeyError" in message.detail
    assert "KeyError" not in message.text


def test_guard_tells_known_errors_and_goes_on(messages: Messages, told: list[Message]) -> None:
    with messages.guarded() as guard:
        raise BookError("不行。")
    assert not guard.ok
    assert [m.text for m in told] == ["不行。"]


def test_guard_lets_other_errors_through(messages: Messages, told: list[Message]) -> None:
    with pytest.raises(KeyError), messages.guarded():
        raise KeyError("x")
    assert told == []


def test_guard_knows_that_all_went_well(messages: Messages, told: list[Message]) -> None:
    with messages.guarded() as guard:
        pass
    assert guard.ok
    assert told == []
