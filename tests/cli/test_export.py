"""wuji export: papers, workbooks and the sealed package; one seal code ties them together."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest

from app.book.book import Book
from app.book.types import Change
from tests.cli.office import CLERK, HEAD, Office
from tests.cli.running import Wuji

CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
FORMS = {
    f"forms/{table}{part}.pdf"
    for table in ("1-1", "1-2", "1-5", "1-8")
    for part in ("", "-working-papers")
} | {"forms/2.pdf"}
SUMMARY = {"forms/summary.pdf", "summary.xlsx"}
REPORT = {"forms/report.pdf", "forms/loss-report.pdf", "report.docx", "loss-report.docx"}
SET = {"forms/big-losses.pdf"}
"""Table 2 as it stands: goes with reports where no forms are asked for."""
PACKAGE = {"QS-2006-12-31.wjz"}
INDEX = {"index.html"}
ALL = FORMS | {"tables.xlsx"} | SUMMARY | REPORT | PACKAGE


def files(folder: Path) -> set[str]:
    """Every file below the folder."""
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def export(office: Office, *more: str) -> tuple[object, ...]:
    passphrase = ("--passphrase-file", office.passphrase)
    return ("export", office.book, office.out, *passphrase, *more)


def code_of(package: Path) -> str:
    with zipfile.ZipFile(package) as archive:
        code: str = json.loads(archive.read("manifest.json"))["seal_code"]
    return code


def history(office: Office) -> list[Change]:
    with Book.open(office.book, write=False) as book:
        return book.history()


def test_the_report_carries_the_code_in_its_foot(sealed: Office) -> None:
    document = docx.Document(str(sealed.out / "report.docx"))
    foot = document.sections[0].footer.paragraphs[0].text
    assert CODE.findall(foot) == [code_of(sealed.package)]


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        ("forms", FORMS | {"tables.xlsx"}),
        ("summary", SUMMARY),
        ("summary,forms", FORMS | {"tables.xlsx"} | SUMMARY),
        (" forms , summary ", FORMS | {"tables.xlsx"} | SUMMARY),
        ("report", REPORT | SET),
        ("summary,report", SUMMARY | REPORT | SET),
        ("package", ALL),
        ("forms,package", ALL),
        ("", ALL),
    ],
)
def test_parts(wuji: Wuji, finished: Office, only: str, expected: set[str]) -> None:
    done = wuji(*export(finished, "--only", only))
    assert files(finished.out) == expected | INDEX
    assert {str(finished.out / name) for name in expected | INDEX} == set(done.lines[:-1])
    (period,) = wuji("period", finished.book, "--json").json
    sealed = bool(PACKAGE & expected)
    assert period["state"] == ("sealed" if sealed else "open")
    said = f"封印码 {period['seal_code']}" if sealed else "这些是草稿，还没有封印。"
    assert done.lines[-1] == said


def test_json(wuji: Wuji, finished: Office) -> None:
    done = wuji(*export(finished, "--json")).json
    assert set(done) == {"seal_code", "files", "notes"}
    assert CODE.fullmatch(done["seal_code"])
    assert {Path(name).relative_to(finished.out).as_posix() for name in done["files"]} == files(
        finished.out
    )
    assert done["notes"] == []


def test_a_character_no_font_has_is_noted(wuji: Wuji, finished: Office) -> None:
    Path("fill.json").write_text('{"id": "QS-0004", "wp_state": "\\ue000"}')
    wuji("fill", finished.book, "fill.json", "--as", CLERK)
    wuji("confirm", finished.book, "--as", "李芳")
    done = wuji(*export(finished, "--only", "forms", "--json")).json
    assert any("E000" in note for note in done["notes"])


# The seal code


def test_the_code_is_on_every_paper_and_in_both_workbooks(sealed: Office) -> None:
    import pypdfium2

    code = code_of(sealed.package)
    papers = sorted(sealed.out.rglob("*.pdf"))
    assert papers
    for paper in papers:
        document = pypdfium2.PdfDocument(paper)
        for page in document:
            text = page.get_textpage().get_text_bounded()
            assert set(CODE.findall(text)) == {code}, paper.name
            page.close()
        document.close()
    for name in ("tables.xlsx", "summary.xlsx"):
        workbook = openpyxl.load_workbook(sealed.out / name)
        for sheet in workbook:
            cells = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value}
            header = sheet.oddFooter.left.text or "", sheet.oddFooter.right.text or ""
            said = " ".join(cells | set(header) | {sheet.oddFooter.center.text or ""})
            assert set(CODE.findall(said)) == {code}, (name, sheet.title)


def test_a_draft_has_no_code(wuji: Wuji, finished: Office) -> None:
    assert wuji(*export(finished, "--only", "summary", "--json")).json["seal_code"] == ""
    sheet = openpyxl.load_workbook(finished.out / "summary.xlsx").worksheets[0]
    footer = "".join(part.text or "" for part in (sheet.oddFooter.left, sheet.oddFooter.right))
    assert "草稿，未封印" in footer
    (last,) = [c for c in history(finished) if c.kind == "export"]
    assert (last.by, last.new["parts"]) == (HEAD, ["summary"])


def test_papers_printed_after_the_sealing_carry_its_code(wuji: Wuji, finished: Office) -> None:
    code = wuji(*export(finished, "--json")).json["seal_code"]
    assert code_of(finished.package) == code
    assert wuji(*export(finished, "--only", "summary", "--json")).json["seal_code"] == code
    assert [c.kind for c in history(finished)].count("export") == 0


def test_one_of_several_heads_has_to_be_named(wuji: Wuji, finished: Office) -> None:
    wuji("people", finished.book, "add", "孙行", "--role", "负责人")
    assert f"--as 写明由谁操作：{HEAD}、孙行" in wuji.refused(*export(finished))
    assert f"由{HEAD}、孙行来做" in wuji.refused(*export(finished, "--as", CLERK))
    wuji(*export(finished, "--as", "孙行"))
    assert [c.by for c in history(finished) if c.kind == "seal"] == ["孙行"]


# Signatures


def test_every_pdf_is_signed_by_the_office(sealed: Office) -> None:
    from app.book.keys import office_key
    from app.papers.sign import verify_pdf

    with Book.open(sealed.book, write=False) as book:
        key = office_key(book)
    assert key is not None
    papers = sorted(sealed.out.rglob("*.pdf"))
    assert papers
    for paper in papers:
        found = verify_pdf(paper)
        assert found.bottom_line, (paper.name, found.message)
        assert (found.signer, found.certificate) == ("青山信用社", key.certificate)


def test_pdfsig_agrees(sealed: Office) -> None:
    pdfsig = shutil.which("pdfsig")
    if pdfsig is None:
        pytest.skip("no pdfsig here")
    papers = sorted(sealed.out.rglob("*.pdf"))
    assert papers
    for paper in papers:
        done = subprocess.run([pdfsig, "-nocert", paper], capture_output=True, text=True)
        assert "Signature is Valid" in done.stdout, done.stdout
        assert "Total document signed" in done.stdout, done.stdout


def test_what_is_in_the_package_is_what_lies_beside_it(sealed: Office) -> None:
    with zipfile.ZipFile(sealed.package) as archive:
        for name in files(sealed.out) - PACKAGE - INDEX - {"loss-report.docx"}:
            assert archive.read(name) == (sealed.out / name).read_bytes(), name
        names = set(archive.namelist())
    inner = {"manifest.json", "manifest.sig", "rows.jsonl", "balances.json"}
    rest = names - inner - files(sealed.out)
    assert len(rest) == 1
    assert all(name.startswith("attachments/") for name in rest)


def test_texts_like_formulas_are_texts_in_what_we_write(sealed: Office) -> None:
    workbook = openpyxl.load_workbook(sealed.out / "tables.xlsx")
    texts = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value]
    assert [c.data_type for c in texts if c.value == "=某某银行"] == ["s"]
    assert [c.data_type for c in texts if str(c.value).startswith("+产权")] == ["s"]


# Refused


def test_open_problems_are_all_shown(wuji: Wuji, listed: Office) -> None:
    found = wuji("check", listed.book, "--json", code=1).json
    done = wuji(*export(listed), code=1)
    assert len(done.lines) == len(found)
    assert done.err.startswith("还不能封印：有")
    assert done.err.count("\n") == 1
    assert not listed.out.exists()
    refused = wuji(*export(listed, "--json"), code=1)
    assert [p["id"] for p in refused.json["refused"]] == [p["id"] for p in found]


def test_a_single_warning_without_a_reason_is_enough(wuji: Wuji, finished: Office) -> None:
    Path("fill.json").write_text('{"id": "QS-0002", "carrying_amount": "750100.00"}')
    wuji("fill", finished.book, "fill.json", "--as", CLERK)
    wuji("confirm", finished.book, "--as", "李芳")
    done = wuji(*export(finished), code=1)
    assert "0个错误没有改，1个警告没有说明理由" in done.err
    (line,) = done.lines
    assert "总账余额与各笔合计相差400.00元" in line


@pytest.mark.parametrize(
    ("more", "word"),
    [
        (("--only", "forms,rapport"), "--only 不认识“rapport”"),
        (("--only", "everything"), "可选：forms、summary、report、package"),
        (("--as", "谁"), "没有“谁”"),
        (("--passphrase-file", "none"), "none：打不开"),
    ],
)
def test_wrong_options(wuji: Wuji, finished: Office, more: tuple[str, ...], word: str) -> None:
    assert word in wuji.refused(*export(finished, *more))


def test_a_wrong_passphrase(wuji: Wuji, finished: Office) -> None:
    finished.passphrase.write_text("falsch")
    assert "口令不对" in wuji.refused(*export(finished))


def test_without_a_passphrase(wuji: Wuji, finished: Office) -> None:
    assert "--passphrase-file" in wuji.refused("export", finished.book, finished.out)


def test_without_a_key(wuji: Wuji, tmp_path: Path) -> None:
    wuji("new", "b.wuji", "--institution", "QS,青山", "--base-date", "2006-12-31")
    rows = ["资产名称,资产项目,核算科目,账面金额", "现金,现金,1011,1.00"]
    Path("rows.csv").write_text("\n".join(rows), encoding="utf-8")
    wuji("import", "b.wuji", "rows.csv", "--table", "1-1")
    Path("pw").write_text("x")
    done = wuji("export", "b.wuji", "out", "--passphrase-file", "pw", code=1)
    assert "还不能封印" in done.err


def test_an_empty_period(wuji: Wuji, empty: Office) -> None:
    assert "没有一笔资产" in wuji.refused(*export(empty))


def test_a_file_is_no_folder(wuji: Wuji, finished: Office) -> None:
    finished.out.write_text("")
    assert "不是文件夹" in wuji.refused(*export(finished))


def test_a_folder_where_a_file_should_go(wuji: Wuji, finished: Office) -> None:
    (finished.out / "tables.xlsx" / "inner").mkdir(parents=True)
    assert "tables.xlsx 是文件夹" in wuji.refused(*export(finished))
    assert wuji("period", finished.book, "--json").json[0]["state"] == "open"


def test_a_second_writer_is_told(wuji: Wuji, finished: Office) -> None:
    with Book.open(finished.book):
        assert "正在另一个窗口" in wuji.refused(*export(finished))


# Afterwards


def test_sealed_is_sealed(wuji: Wuji, sealed: Office) -> None:
    Path("fill.json").write_text('{"id": "QS-0004", "wp_state": "晚了"}')
    line = wuji.refused("fill", sealed.book, "fill.json", "--as", CLERK)
    assert code_of(sealed.package) in line
    stages = {row["stage"] for row in wuji("list", sealed.book, "--json").json}
    assert stages == {"submitted"}


def test_a_sealed_period_can_be_exported_again(wuji: Wuji, sealed: Office) -> None:
    code = code_of(sealed.package)
    shutil.rmtree(sealed.out)
    assert wuji(*export(sealed, "--json")).json["seal_code"] == code
    wuji("verify", sealed.package)


def test_who_sealed_is_in_the_history(sealed: Office) -> None:
    (seal,) = [change for change in history(sealed) if change.kind == "seal"]
    # There is one head of office, so nobody has to say who it was.
    assert seal.by == HEAD
