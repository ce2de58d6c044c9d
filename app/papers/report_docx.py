"""A report as an editable document (DOCX), with fonts for Chinese set and charts as pictures."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.files import replacing
from app.papers import wording
from app.papers.charts import chart_picture
from app.papers.report_model import Chart, Paragraph, Report, ReportTable, Section
from app.papers.report_pdf import listed

if TYPE_CHECKING:
    from docx.document import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH

BODY, HEADING = "宋体", "黑体"
_LATIN = "Times New Roman"
_WIDTH_MM = 160
_POINTS = 72 / 25.4
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_report_docx(report: Report, out: Path) -> Path:
    """Writes the report for somebody to work on; figures and charts are those of the book."""
    import docx

    document = docx.Document()
    _set_up(document, report)
    title = document.add_paragraph(style="Title")
    _run(title, report.head.title)
    _subtitle(document, report)
    for section in report.sections:
        _section(document, section)
    _signatures(document, report)
    with replacing(out) as part:
        document.save(str(part))
    return out


def _text(text: str) -> str:
    """The text without what a document cannot hold."""
    return _NOT_IN_XML.sub("", text)


def _align(side: str) -> WD_ALIGN_PARAGRAPH:
    """How a paragraph stands: left, center, right."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH as SIDES

    found: WD_ALIGN_PARAGRAPH = getattr(SIDES, side.upper())
    return found


def _run(paragraph: Any, text: str, *, bold: bool = False) -> None:
    run = paragraph.add_run(_text(text))
    run.bold = bold or None


# Styles


def _set_up(document: Document, report: Report) -> None:
    from docx.shared import Mm, Pt

    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin, page.right_margin = Mm(26), Mm(24)
    page.top_margin, page.bottom_margin = Mm(25), Mm(22)
    styles = document.styles
    _font(styles["Normal"], BODY, 11)
    styles["Normal"].paragraph_format.line_spacing = 1.5
    styles["Normal"].paragraph_format.space_after = Pt(0)
    for name, size, centred in (
        ("Title", 20, True),
        ("Heading 1", 14, False),
        ("Heading 2", 12, False),
    ):
        _font(styles[name], HEADING, size)
        if centred:
            styles[name].paragraph_format.alignment = _align("center")
    properties = document.core_properties
    properties.title, properties.author = report.head.title, _text(report.head.office)
    properties.comments, properties.language = "", "zh-CN"
    if report.head.printed_at is not None:
        properties.created = properties.modified = report.head.printed_at
    _footer(page, report)


def _font(style: Any, name: str, size: float) -> None:
    """A style's fonts; the one for Chinese has to be named apart."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size = _LATIN, Pt(size)
    style.font.color.rgb = RGBColor(0, 0, 0)
    properties = style.element.get_or_add_rPr()
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    properties.append(language)
    fonts = properties.get_or_add_rFonts()
    for key in list(fonts.attrib):
        if key.endswith("Theme"):
            del fonts.attrib[key]
    fonts.set(qn("w:eastAsia"), name)
    fonts.set(qn("w:hAnsi"), _LATIN)
    borders = style.element.find(f".//{qn('w:pBdr')}")
    if borders is not None:
        borders.getparent().remove(borders)


def _footer(page: Any, report: Report) -> None:
    head = report.head
    code = wording.labelled(wording.SEAL_CODE, head.seal_code) if head.seal_code else head.unsealed
    paragraph = page.footer.paragraphs[0]
    paragraph.alignment = _align("center")
    _run(paragraph, f"{code}　　第 ")
    _field(paragraph, "PAGE")
    _run(paragraph, " 页　共 ")
    _field(paragraph, "NUMPAGES")
    _run(paragraph, " 页")


def _field(paragraph: Any, code: str) -> None:
    """A field that the word processor fills in."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = paragraph.add_run("1")
    paragraph._p.remove(run._r)
    field.append(run._r)
    paragraph._p.append(field)


# Contents


def _subtitle(document: Document, report: Report) -> None:
    head = report.head
    day = wording.labelled(wording.BASE_DATE, wording.date_words(head.base_date))
    office = wording.labelled(wording.OFFICE, f"{head.office}（{head.institution_code}）")
    paragraph = document.add_paragraph()
    paragraph.alignment = _align("center")
    _run(paragraph, f"{office}　　{day}　　{wording.labelled(wording.UNIT, head.unit)}")


def _section(document: Document, section: Section) -> None:
    from docx.shared import Pt

    heading = document.add_paragraph(style=f"Heading {section.level}")
    _run(heading, section.title)
    for block, mark in listed(section.blocks):
        if isinstance(block, Paragraph):
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.first_line_indent = Pt(22)
            paragraph.paragraph_format.keep_with_next = block.text.endswith("：")
            _run(paragraph, mark + block.text)
        elif isinstance(block, Chart):
            _chart(document, block)
        else:
            _table(document, block)


def _chart(document: Document, chart: Chart) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Mm

    picture = chart_picture(chart, _WIDTH_MM * _POINTS)
    paragraph = document.add_paragraph()
    paragraph.alignment = _align("center")
    shape = paragraph.add_run().add_picture(BytesIO(picture), width=Mm(_WIDTH_MM))
    words = "；".join(f"{bar.label}{bar.shown}" for bar in chart.bars)
    shape._inline.find(qn("wp:docPr")).set("descr", _text(f"{chart.title}：{words}"))


def _table(document: Document, table: ReportTable) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Mm, Pt

    if table.caption:
        caption = document.add_paragraph()
        caption.alignment = _align("center")
        caption.paragraph_format.keep_with_next = True
        _run(caption, table.caption, bold=True)
    grid = document.add_table(rows=0, cols=len(table.columns), style="Table Grid")
    grid.autofit = False
    whole = sum(column.width for column in table.columns)
    widths = [Mm(_WIDTH_MM * column.width / whole) for column in table.columns]
    titles = tuple(column.title for column in table.columns)
    last = len(table.lines) if table.with_total else -1
    for number, line in enumerate((titles, *table.lines)):
        row = grid.add_row()
        for cell, text, column, width in zip(row.cells, line, table.columns, widths, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.line_spacing = 1.0
            paragraph.alignment = _align("center" if number == 0 else column.align)
            _run(paragraph, text, bold=number in (0, last))
            for run in paragraph.runs:
                run.font.size = Pt(9)
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    header = OxmlElement("w:tblHeader")
    grid.rows[0]._tr.get_or_add_trPr().append(header)
    document.add_paragraph()


def _signatures(document: Document, report: Report) -> None:
    head = report.head
    day = wording.date_words(head.printed_at.date()) if head.printed_at else wording.NO_DATE
    names = (
        (wording.FILLER, head.filler),
        (wording.CHECKER, head.checker),
        (wording.HEAD, head.head),
    )
    document.add_paragraph()
    paragraph = document.add_paragraph()
    _run(paragraph, "　　　　".join(wording.labelled(label, name) for label, name in names))
    seal = document.add_paragraph()
    seal.alignment = _align("right")
    _run(seal, f"{wording.labelled(wording.OFFICE_SEAL, '　　　　　　')}　{day}")
