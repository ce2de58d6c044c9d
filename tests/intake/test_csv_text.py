"""CSV files: encodings, separators, quotes, what is none."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.intake.csv_text import read_csv, separator_of
from app.intake.messages import IntakeError
from app.intake.workbook import read_sheets

TEXT = '户名,余额\r\n周敏䶮,"1,234.50"\r\n'
CELLS = [["户名", "余额"], ["周敏䶮", "1,234.50"]]


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8"),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("gb18030"),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
    ],
    ids=["utf-8", "bom", "gb18030", "utf-16", "utf-16-be", "no-mark-le", "no-mark-be"],
)
def test_reads_every_usual_encoding(data: bytes) -> None:
    assert read_csv(data, "a.csv") == CELLS


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_finds_the_separator(separator: str) -> None:
    lines = ["青山信用社明细\n", separator.join("甲乙丙\n"), separator.join("123\n")]
    assert separator_of(lines) == separator


def test_amounts_with_commas_do_not_hide_a_semicolon() -> None:
    lines = ["户名;余额;日期\n", "甲;1,234,567.00;2004.1.1\n", "乙;2,234.00;2004.1.2\n"]
    assert separator_of(lines) == ";"


def test_takes_the_separator_that_excel_names() -> None:
    assert read_csv(b"sep=;\r\na;b\r\n1,2;3\r\n", "a.csv") == [[], ["a", "b"], ["1,2", "3"]]


def test_a_text_that_keeps_its_zeros_is_unwrapped() -> None:
    assert read_csv('号,名\r\n="00123",甲\r\n'.encode(), "a.csv")[1] == ["00123", "甲"]


def test_other_formulas_stay_text() -> None:
    assert read_csv(b"a,b\r\n=1+1,-2\r\n", "a.csv")[1] == ["=1+1", "-2"]


def test_blank_lines_keep_the_rows_numbers() -> None:
    assert [len(row) for row in read_csv(b"a,b\r\n\r\n1,2\r\n", "a.csv")] == [2, 0, 2]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xff\xff\xff,\x80\x80", "I011"),
        ("户名,余额\n甲,1\n".encode() + b"\xff\xfe\xff\n", "I011"),
        (b"abc\0\0\0def\0", "I006"),
        (b"\x01\x02\x03\x04\x05", "I006"),
        (b'a,b\n"x,1\n2,3\n', "I012"),
        (b"<html><table><tr><td>a</td></tr></table></html>", "I007"),
        (b'<?xml version="1.0"?><Workbook></Workbook>', "I007"),
    ],
    ids=["undecodable", "broken-line", "zeros", "control", "open-quote", "html", "xml"],
)
def test_refuses_what_is_no_csv(data: bytes, code: str) -> None:
    with pytest.raises(IntakeError) as caught:
        read_csv(data, "a.csv")
    assert caught.value.code == code
    assert "a.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_names_the_line_of_a_broken_encoding() -> None:
    with pytest.raises(IntakeError, match="第3行"):
        read_csv("户名,余额\n甲,1\n".encode() + b"\xff\xfe\xff\n", "a.csv")


CELL = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters='"<'),
    max_size=12,
)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=3, max_size=8))
def test_what_is_written_comes_back(rows: list[list[str]]) -> None:
    head = ["户名", "余额", "日期"]
    lines = [",".join(f'"{cell}"' for cell in row) for row in [head, *rows]]
    expected = [head, *rows]
    for encoding in ("utf-8", "gb18030", "utf-16"):
        assert read_csv("\r\n".join(lines).encode(encoding), "a.csv") == expected


def test_a_csv_is_known_by_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "清单.xls"
    path.write_bytes(TEXT.encode("gb18030"))
    (sheet,) = read_sheets(path)
    assert (sheet.kind, sheet.rows) == ("csv", CELLS)
