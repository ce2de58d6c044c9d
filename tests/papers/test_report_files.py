"""Reports as files: the PDF is whole and sealed, the document can be edited, charts are true."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn
from PIL import Image

from app.book.book import Book
from app.forms.loader import builtin_rulesets, load_ruleset
from app.papers.charts import BAR, chart_picture, lay_out
from app.papers.export import sign_paper
from app.papers.from_book import Sealing
from app.papers.model import PaperColumn
from app.papers.pen import MM
from app.papers.report_docx import write_report_docx
from app.papers.report_draft import analysis_report
from app.papers.report_model import Bar, Chart, Paragraph, Report, ReportTable, Section, Sentence
from app.papers.report_pdf import write_report_pdf
from app.papers.report_texts import report_texts
from app.papers.seal import Stamp
from app.papers.sheet import FOOT
from app.papers.sign import PaperKey, verify_pdf
from tests.book.samples import RULESET
from tests.papers import report_book, samples
from tests.papers.reading import bookmarks, glyphs, outside, page_texts

AT = datetime(2007, 1, 15, 14, 3)
CHART = Chart(
    "五级分类金额（元）",
    (
        Bar("正常", Decimal("200"), "200.00", "normal"),
        Bar("损失", Decimal("50"), "50.00", "loss"),
        Bar("关注", Decimal("0"), "0.00", "special_mention"),
    ),
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The drafted report of the sample office."""
    path = report_book.filled(tmp_path_factory.mktemp("books") / "a.wuji")
    with Book.open(path, write=False) as book:
        return analysis_report(book, Sealing(samples.SEAL_CODE, AT))


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_pdf_holds_every_word_and_its_seal(
    report: Report, tmp_path: Path, stamp: Stamp, office_key: PaperKey
) -> None:
    result = write_report_pdf(report, tmp_path / "report.pdf", stamp=stamp)
    sign_paper(result, office_key, stamp)
    text = "".join(page_texts(result.path))
    for paragraph in report.paragraphs():
        for part in squeezed(paragraph.text).split("。"):
            assert part[:20] in text
    assert "单位公章" in text
    assert samples.SEAL_CODE in text
    assert verify_pdf(result.path).bottom_line
    level_one = [section.title for section in report.sections if section.level == 1]
    assert [title for title, _ in bookmarks(result.path)] == level_one
    assert not result.missing


def test_nothing_runs_over_the_edges(report: Report, tmp_path: Path) -> None:
    result = write_report_pdf(report, tmp_path / "report.pdf")
    assert not outside(result.path, (30, 15, 565, 830))


def test_rows_taller_than_a_page_and_many_rows_go_on(tmp_path: Path) -> None:
    columns = samples.COLUMNS_1_2[:2]
    long = ("1", "很长的说明，" * 600 + "末尾")
    lines = (long, *((str(number), f"第{number}行") for number in range(2, 120)))
    section = Section("一、表", (ReportTable(columns, lines, "说明"),))
    result = write_report_pdf(Report(samples.head(), (section,)), tmp_path / "long.pdf")
    text = "".join(page_texts(result.path))
    assert text.count("很长的说明，") == 600
    assert "末尾" in text
    assert all(f"第{number}行" in text for number in range(2, 120))
    assert result.pages > 4
    assert not outside(result.path, (30, 15, 565, 830))


def test_the_document_can_be_edited_and_names_its_chinese_fonts(
    report: Report, tmp_path: Path
) -> None:
    path = write_report_docx(report, tmp_path / "report.docx")
    document = docx.Document(str(path))
    words = "".join(paragraph.text for paragraph in document.paragraphs)
    for section in report.sections:
        assert section.title in words
    for paragraph in report.paragraphs():
        assert paragraph.text in words
    for name, font in (("Normal", "宋体"), ("Title", "黑体"), ("Heading 1", "黑体")):
        fonts = document.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == font
    assert len(document.inline_shapes) == 3
    cells = [cell.text for grid in document.tables for row in grid.rows for cell in row.cells]
    assert '存放<农行> & "支行"' in "".join(cells) + words
    assert document.core_properties.title == report.head.title


def test_charts_of_the_document_say_their_values_to_everybody(
    report: Report, tmp_path: Path
) -> None:
    path = write_report_docx(report, tmp_path / "report.docx")
    with ZipFile(path) as archive:
        body = archive.read("word/document.xml").decode()
    assert 'descr="五级分类笔数：正常' in body


def test_characters_that_documents_cannot_hold_are_left_out(tmp_path: Path) -> None:
    section = Section("一、\x00甲", (Paragraph((Sentence("乙\x08丙\ud800"),)),))
    path = write_report_docx(Report(samples.head(), (section,)), tmp_path / "x.docx")
    words = [paragraph.text for paragraph in docx.Document(str(path)).paragraphs]
    assert "一、甲" in words
    assert "乙丙" in words


# Charts


def test_bars_are_as_long_as_their_values() -> None:
    layout = lay_out(CHART, 400.0)
    lengths = [bar.length for bar in layout.bars]
    assert lengths[1] == pytest.approx(lengths[0] / 4)
    assert lengths[2] == 0
    assert layout.bars[0].left + lengths[0] < 400
    tops = [bar.top for bar in layout.bars]
    assert tops == sorted(tops)
    assert tops[-1] + BAR < layout.height


def test_the_picture_shows_the_bars_in_their_colours() -> None:
    picture = Image.open(BytesIO(chart_picture(CHART, 400.0))).convert("RGB")
    layout = lay_out(CHART, 400.0)
    first, second, _ = layout.bars
    scale = picture.width / 400.0
    for bar in (first, second):
        middle = ((bar.left + bar.length / 2) * scale, (bar.top + BAR / 2) * scale)
        red, green, blue = picture.getpixel((round(middle[0]), round(middle[1])))  # type: ignore[misc]
        assert f"#{red:02x}{green:02x}{blue:02x}" == bar.colour
    assert lay_out(Chart("空", ()), 300.0).bars == ()


# Words


def test_the_words_of_reports_fit_the_rule_sets() -> None:
    texts = report_texts()
    sets = [load_ruleset(name) for name in builtin_rulesets()]
    known = {rule.id for one in sets for table in one.tables.values() for rule in table.rules}
    patterns = [p for entry in texts.suggestion for p in entry.rules]
    patterns += [p for entry in texts.cause for p in entry.rules]
    for pattern in patterns:
        assert any(fnmatchcase(rule, pattern) for rule in known), pattern
    assert {entry.table for entry in texts.disposal} == {t.id for t in RULESET.row_tables}
    ratios = [entry.up_to for entry in texts.evaluation]
    assert ratios == sorted(ratios)
    assert ratios[-1] == 1


def test_every_rule_that_worsens_has_a_cause() -> None:
    texts = report_texts()
    assert texts.cause_of("fixed_assets.missing").kind == "ability_integrity"
    assert texts.cause_of("debtor.missing").kind == "credit_market"
    assert texts.cause_of("limitation.lapsed").kind == "management"
    assert texts.cause_of("common.loss_band").kind == "credit_market"


def test_the_verdict_grows_worse_with_the_ratio() -> None:
    texts = report_texts()
    verdicts = [texts.evaluation_of(Fraction(n, 100)) for n in (0, 1, 10, 11, 60, 61, 100)]
    assert verdicts[1] == verdicts[2] != verdicts[3]
    assert verdicts[4] != verdicts[5] == verdicts[6]


@pytest.mark.parametrize("last", ["同一段", "另一节"])
def test_signatures_never_stand_on_a_page_alone(report: Report, tmp_path: Path, last: str) -> None:
    line, end = Paragraph((Sentence("登记在册，逐笔核对。"),)), Paragraph((Sentence("到此为止。"),))
    pages = set()
    for count in range(18, 34):
        first = Section("经过", (line,) * count + ((end,) if last == "同一段" else ()))
        rest = (Section("结论", (end,)),) if last == "另一节" else ()
        shown = Report(report.head, (first, *rest))
        result = write_report_pdf(shown, tmp_path / f"{count}.pdf")
        texts = page_texts(result.path)
        assert "单位公章" in texts[-1]
        assert "到此为止" in texts[-1], count
        assert len("".join(texts).split("结论")) == 1 + len(rest)
        assert "结论" in texts[-1] or not rest
        pages.add(len(texts))
    assert pages == {1, 2}


def test_a_heading_stands_with_the_first_line_of_its_table(report: Report, tmp_path: Path) -> None:
    line = Paragraph((Sentence("登记在册，逐笔核对。"),))
    columns = (PaperColumn("name", "资产名称", (), 30), PaperColumn("why", "理由", (), 60, "long"))
    lines = tuple((f"房屋{number}", "没有实物，查无下落。" * 24) for number in range(2))
    table = ReportTable(columns, lines, "逐笔", ((), ()))
    pages = set()
    for count in range(18, 34):
        sections = (Section("经过", (line,) * count), Section("单列", (table,)))
        shown = Report(report.head, (*sections, Section("说明", (line,))))
        texts = page_texts(write_report_pdf(shown, tmp_path / f"{count}.pdf").path)
        begun = next(place for place, text in enumerate(texts) if "单列" in text)
        assert "房屋0" in texts[begun], count
        pages.add(begun)
    assert pages == {0, 1}


@pytest.mark.parametrize("long", [2, 80, 520])
def test_no_line_of_a_table_runs_into_the_foot(report: Report, tmp_path: Path, long: int) -> None:
    columns = (PaperColumn("name", "资产名称", (), 30), PaperColumn("why", "理由", (), 60, "long"))
    foot = 9 * MM + FOOT
    for count in range(30, 42):
        short = ((f"房屋{number}", "完好") for number in range(count))
        lines = (*short, ("最后", "没有实物。" * long))
        table = ReportTable(columns, lines, "逐笔", ((),) * len(lines))
        shown = Report(report.head, (Section("单列", (table,)),))
        path = write_report_pdf(shown, tmp_path / f"{count}.pdf").path
        for page, text in enumerate(page_texts(path)):
            last = [glyph for glyph in glyphs(path, page) if glyph.char in "没实"]
            assert all(glyph.bottom > foot for glyph in last), (count, page)
            assert "资产名称理由" not in text or "完好" in text or last, "a head alone"
