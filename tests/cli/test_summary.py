"""`wuji summary`: the summary as it stands, signed, also while the period is still open."""

from __future__ import annotations

from decimal import Decimal

import openpyxl

from app.papers.sign import verify_pdf
from tests.cli.office import CLERK, Office
from tests.cli.running import Wuji
from tests.papers.reading import page_texts


def test_it_writes_a_signed_pdf_and_a_workbook(wuji: Wuji, finished: Office) -> None:
    out = finished.folder / "reports"
    done = wuji("summary", finished.book, out, "--passphrase-file", finished.passphrase)
    assert {path.name for path in out.iterdir()} == {
        "index.html",
        "summary.pdf",
        "summary.xlsx",
    }
    assert str(out / "summary.pdf") in done.lines
    assert any("4笔" in line for line in done.lines)
    assert verify_pdf(out / "summary.pdf").bottom_line
    assert "草稿，未封印" in page_texts(out / "summary.pdf")[0]
    assert "指标" in openpyxl.load_workbook(out / "summary.xlsx").sheetnames


def test_a_sealed_period_carries_its_seal_code(wuji: Wuji, sealed: Office) -> None:
    out = sealed.folder / "reports"
    wuji("summary", sealed.book, out, "--passphrase-file", sealed.passphrase)
    text = "".join(page_texts(out / "summary.pdf"))
    assert "草稿" not in text
    assert "封印码" in text


def test_json_gives_the_figures(wuji: Wuji, finished: Office) -> None:
    out = finished.folder / "reports"
    key = ("--passphrase-file", finished.passphrase)
    said = wuji("summary", finished.book, out, *key, "--json").json
    lines = {line["key"]: line for line in said["stages"]["initial"]["base"]}
    amounts = lines["total"]["classes"].values()
    assert sum(map(Decimal, amounts)) == Decimal(lines["total"]["classified"])
    total = said["indicators"][-1]
    assert total["table"] == ""
    assert total["amount"] == lines["total"]["classified"]
    assert said["migration"] is None


def test_a_second_period_brings_the_migration(wuji: Wuji, sealed: Office) -> None:
    wuji("period", sealed.book, "--base-date", "2007-12-31", "--carry-forward", "--as", CLERK)
    out = sealed.folder / "reports"
    key = ("--passphrase-file", sealed.passphrase)
    said = wuji("summary", sealed.book, out, *key, "--json").json
    assert sum(cell["count"] for cell in said["migration"]["cells"]) == 4
    names = openpyxl.load_workbook(out / "summary.xlsx").sheetnames
    assert "变动表（初分）" in names
    assert "迁徙（笔数）" in names


def test_a_period_without_rows_has_no_summary(wuji: Wuji, empty: Office) -> None:
    key = ("--passphrase-file", empty.passphrase)
    assert "没有一笔资产" in wuji.refused("summary", empty.book, "out", *key)


def test_a_wrong_passphrase_writes_nothing(wuji: Wuji, finished: Office) -> None:
    wrong = finished.folder / "wrong.txt"
    wrong.write_text("falsch\n", encoding="utf-8")
    said = wuji.refused("summary", finished.book, "out", "--passphrase-file", wrong)
    assert "口令不对" in said
