"""Reading workbooks: what calamine leaves out, and files that are broken, locked or hostile."""

from __future__ import annotations

import random
import re
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from app.intake import limits
from app.intake.cells import BadCell
from app.intake.messages import IntakeError
from app.intake.workbook import read_sheets
from tests.intake.sheets import FILES, SHEET_XML, altered, workbook


def code_of(path: Path) -> str:
    """The code with which a file is refused."""
    with pytest.raises(IntakeError) as caught:
        read_sheets(path)
    message = str(caught.value)
    assert path.name in message
    assert "\n" not in message
    return caught.value.code


def test_keeps_addresses_when_the_first_rows_and_columns_are_empty(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [[], [], [None, None, "甲"], [None, None, None, 1.5]])
    (sheet,) = read_sheets(path)
    assert sheet.cell(2, 2) == "甲"
    assert sheet.cell(3, 3) == 1.5
    assert sheet.cell(99, 99) == ""
    assert (len(sheet.rows), sheet.width) == (4, 4)


def test_reads_dates_numbers_texts_and_merged_areas(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["头", None, 1], ["=1+1", True, datetime(2004, 1, 2)]]
    (sheet,) = read_sheets(workbook(tmp_path / "a.xlsx", rows, merged=["A1:B1"]))
    assert sheet.rows == [["头", "", 1.0], ["=1+1", True, date(2004, 1, 2)]]
    assert sheet.merged == ((0, 0, 0, 1),)


def test_formulas_without_value_and_error_values_are_seen(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet["A1"], sheet["B1"] = "=1+1", "文字"
    sheet["B3"] = "#REF!"
    sheet["B3"].data_type = "e"
    book.save(tmp_path / "a.xlsx")
    (read,) = read_sheets(tmp_path / "a.xlsx")
    assert read.cell(0, 0) == BadCell("公式", formula=True)
    assert read.cell(2, 1) == BadCell("#REF!")
    assert read.cell(0, 1) == "文字"


def test_a_formula_whose_value_is_an_empty_text_is_blank(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", [["头", "x"]])
    path = altered(
        source,
        tmp_path / "b.xlsx",
        SHEET_XML,
        lambda xml: xml.replace(
            b"</row>", b'<c r="C1" t="str"><f>""</f><v></v></c><c r="D1"><f>1</f></c></row>'
        ),
    )
    (sheet,) = read_sheets(path)
    assert sheet.cell(0, 2) == ""
    assert sheet.cell(0, 3) == BadCell("公式", formula=True)


@pytest.mark.parametrize("name", ["errors.xls", "errors.ods", "errors.xlsx"])
def test_error_values_are_seen_in_every_format(name: str) -> None:
    (sheet,) = read_sheets(FILES / name)
    assert sheet.cell(2, 0) == BadCell("#DIV/0!")
    assert sheet.cell(2, 1) == BadCell("#REF!")
    assert (sheet.cell(1, 0), sheet.cell(3, 0)) == (2.0, "=x")


def test_tags_with_a_prefix_are_seen_too(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", [["头"]])

    def prefixed(xml: bytes) -> bytes:
        cells = b'</row><row r="7"><c r="B7" t="e"><v>#N/A</v></c><c r="C7"><f>A1</f></c></row>'
        named = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", xml.replace(b"</row>", cells, 1))
        return named.replace(b"xmlns=", b"xmlns:x=", 1)

    (sheet,) = read_sheets(altered(source, tmp_path / "b.xlsx", SHEET_XML, prefixed))
    assert (sheet.cell(6, 1), sheet.cell(6, 2)) == (
        BadCell("#N/A"),
        BadCell("公式", formula=True),
    )


@pytest.mark.parametrize("reference", ["A1:XFD1048576", "A1:A1", "A1", "Z9:A1"])
def test_a_wrong_dimension_changes_nothing(tmp_path: Path, reference: str) -> None:
    source = workbook(tmp_path / "a.xlsx", [["甲", "乙"], ["丙", 1]])
    path = altered(
        source,
        tmp_path / "b.xlsx",
        SHEET_XML,
        lambda xml: re.sub(
            rb'<dimension ref="[^"]*"', b'<dimension ref="%b"' % reference.encode(), xml
        ),
    )
    (sheet,) = read_sheets(path)
    assert sheet.rows == [["甲", "乙"], ["丙", 1.0]]


def test_a_million_styled_rows_without_content_are_no_rows(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", [["甲", "乙"], ["丙", 1]])
    empty = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(3, 1048577))
    path = altered(
        source,
        tmp_path / "b.xlsx",
        SHEET_XML,
        lambda xml: xml.replace(b"</sheetData>", empty + b"</sheetData>"),
    )
    (sheet,) = read_sheets(path)
    assert sheet.rows == [["甲", "乙"], ["丙", 1.0]]


def test_a_million_rows_are_refused_with_the_place(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", [["甲"]])
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(2, 300001))
    path = altered(
        source,
        tmp_path / "b.xlsx",
        SHEET_XML,
        lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"),
    )
    with pytest.raises(IntakeError, match=r"Sheet1.*A300000.*20万行") as caught:
        read_sheets(path)
    assert caught.value.code == "I009"


def test_a_stray_cell_far_away_is_refused_before_it_takes_memory(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", [["甲"]])
    stray = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    path = altered(
        source, tmp_path / "b.xlsx", SHEET_XML, lambda xml: xml.replace(b"</sheetData>", stray)
    )
    with pytest.raises(IntakeError, match="XFD1048576"):
        read_sheets(path)


def test_a_stray_cell_at_the_last_row_is_read_where_it_stands(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", [["甲"]])
    stray = b'<row r="1048576"><c r="B1048576"><v>1</v></c></row></sheetData>'
    path = altered(
        source, tmp_path / "b.xlsx", SHEET_XML, lambda xml: xml.replace(b"</sheetData>", stray)
    )
    (sheet,) = read_sheets(path)
    assert (sheet.cell(0, 0), sheet.cell(1048575, 1)) == ("甲", 1.0)


def test_repeated_rows_of_an_ods_file_are_counted_before_they_are_made(tmp_path: Path) -> None:
    def repeated(xml: bytes) -> bytes:
        return re.sub(
            rb'(<table:table-row)([^>]*>)(<table:table-cell office:value-type="float"[^>]*>)',
            rb'\1 table:number-rows-repeated="9000000"\2\3',
            xml,
            count=1,
        )

    path = altered(FILES / "works.ods", tmp_path / "b.ods", "content.xml", repeated)
    assert code_of(path) == "I009"


def test_an_ods_file_that_breaks_off_inside_is_refused_at_once(tmp_path: Path) -> None:
    path = altered(FILES / "works.ods", tmp_path / "b.ods", "content.xml", lambda xml: xml[:3000])
    assert code_of(path) == "I005"


@pytest.mark.parametrize(
    ("offset", "value"),
    [(3, 0x01), (7, 0x01), (9, 0x01), (11, 0x7F)],
    ids=["first-row", "last-row", "first-column", "last-column"],
)
def test_an_xls_file_with_an_impossible_dimension_is_refused(
    tmp_path: Path, offset: int, value: int
) -> None:
    # calamine would set terabytes aside for it and end the whole program.
    data = bytearray((FILES / "errors.xls").read_bytes())
    record = data.index(bytes.fromhex("00020e00"))
    data[record + 4 + offset] = value
    path = tmp_path / "b.xls"
    path.write_bytes(data)
    assert code_of(path) == "I005"


@pytest.mark.parametrize("name", ["encrypted.xlsx", "encrypted.xls", "encrypted.ods"])
def test_a_password_is_named_as_the_reason(name: str) -> None:
    assert code_of(FILES / name) == "I004"


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods", ".csv"])
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "I003"),
        (b"%PDF-1.4 ...", "I006"),
        (b"\x89PNG\r\n\x1a\n...", "I006"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "I005"),
        (b"PK\x03\x04 and then nothing", "I005"),
        (b"  \r\n \r\n", "I010"),
        (b"<html><body></body></html>", "I007"),
    ],
    ids=["empty", "pdf", "png", "ole", "zip", "blank", "html"],
)
def test_what_is_no_spreadsheet_is_refused(
    tmp_path: Path, suffix: str, content: bytes, code: str
) -> None:
    path = tmp_path / f"清单{suffix}"
    path.write_bytes(content)
    assert code_of(path) == code


def test_other_archives_are_no_spreadsheets(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert code_of(path) == "I006"


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    assert code_of(tmp_path / "没有.xlsx") == "I001"
    assert code_of(tmp_path) == "I002"


def test_an_archive_that_swells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "a.xlsx", [["甲"] * 50] * 400)
    monkeypatch.setattr(limits, "MOST_BYTES", path.stat().st_size + 1)
    assert code_of(path) == "I008"


def test_a_large_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "a.xlsx", [["甲"]])
    monkeypatch.setattr(limits, "MOST_BYTES", 10)
    assert code_of(path) == "I008"


def test_an_archive_with_a_password_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["甲"]])
    data = bytearray(path.read_bytes())
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(sign)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(sign, at + 4)
    path.write_bytes(data)
    assert code_of(path) == "I004"


@pytest.mark.parametrize("name", ["errors.xls", "errors.xlsx", "errors.ods"])
def test_every_cut_and_every_flipped_byte_ends_in_a_line_or_in_cells(
    tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    data = (FILES / name).read_bytes()
    chance = random.Random(name)
    path = tmp_path / name
    for turn in range(300):
        broken = bytearray(data)
        if turn % 4 == 0:
            del broken[chance.randrange(len(data)) :]
        else:
            broken[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(broken)
        with suppress(IntakeError):
            read_sheets(path)
    assert capfd.readouterr().err == ""


def test_entries_with_broken_xml_end_in_a_line_or_in_cells(tmp_path: Path) -> None:
    chance = random.Random(7)
    source = ZipFile(FILES / "errors.xlsx")
    path = tmp_path / "a.xlsx"
    for _ in range(150):
        victim = chance.choice(source.namelist())
        made = BytesIO()
        with ZipFile(made, "w", ZIP_DEFLATED) as archive:
            for entry in source.namelist():
                content = bytearray(source.read(entry))
                if entry == victim:
                    content[chance.randrange(len(content))] = chance.randrange(256)
                    del content[chance.randrange(len(content) // 2, len(content)) :]
                archive.writestr(entry, bytes(content))
        path.write_bytes(made.getvalue())
        with suppress(IntakeError):
            read_sheets(path)


def test_hidden_sheets_are_known_as_such(tmp_path: Path) -> None:
    book = Workbook()
    book.active["A1"] = "甲"
    book.create_sheet("隐藏")["A1"] = "乙"
    book["隐藏"].sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    sheets = read_sheets(tmp_path / "a.xlsx")
    assert [(sheet.name, sheet.hidden) for sheet in sheets] == [("Sheet", False), ("隐藏", True)]


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    path = workbook(tmp_path / "a.xlsx", [["甲"]])
    read_sheets(path, progress=lambda done, total, text: told.append(text))
    assert told == ["a.xlsx"]
