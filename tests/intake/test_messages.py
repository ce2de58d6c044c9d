"""The catalogue of messages: each is used, one line, and says what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.errors import KnownError
from app.intake.messages import TEXTS, CellFault, FaultsError, IntakeError, Note

SOURCES = Path(__file__).resolve().parents[2] / "app" / "intake"


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_every_message_is_used_and_is_one_line(code: str) -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in SOURCES.glob("*.py"))
    assert sources.count(f'"{code}"') > 1
    assert "\n" not in TEXTS[code]
    assert TEXTS[code].endswith("。") or TEXTS[code].endswith("{faults}")
    assert re.fullmatch(r"[IN]\d{3}", code)


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_every_code_that_is_used_is_tested(code: str) -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.py"))
    assert f'"{code}"' in tests


def test_codes_in_the_sources_are_in_the_catalogue() -> None:
    found = {
        code
        for path in SOURCES.glob("*.py")
        for code in re.findall(r'(?:IntakeError|Note)\(\s*"([IN]\d{3})"', path.read_text("utf-8"))
    }
    assert found <= set(TEXTS)


def test_an_error_carries_its_code_and_is_known() -> None:
    error = IntakeError("I003", file="a.xlsx")
    assert isinstance(error, KnownError)
    assert (error.code, str(error)) == ("I003", "a.xlsx：文件是空的，请重新导出。")


def test_faults_are_listed_in_one_line() -> None:
    faults = [CellFault("表", "A1", "x", "金额"), CellFault("", "B2", "y", "日期")]
    error = FaultsError("a.xlsx", faults)
    assert error.faults == tuple(faults)
    assert "工作表“表”A1：填的是“x”，应为金额；B2：填的是“y”，应为日期。" in str(error)


def test_a_note_is_a_text_with_code_and_address() -> None:
    note = Note("N008", at="A1", sheet="封面")
    assert (note.code, note.address) == ("N008", "A1")
    assert note.startswith("工作表“封面”")
    assert f"{note}" == str(note)
