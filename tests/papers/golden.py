"""What papers must look like, kept as files: workbooks cell by cell, three forms as pictures.

``python -m tests.papers.golden`` writes them anew; look at the pictures before committing them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pypdfium2
from openpyxl.cell import Cell
from PIL import Image

from app.papers.big_loss_pdf import write_big_loss_pdf
from app.papers.export import sign_paper
from app.papers.seal import Stamp
from app.papers.sign import PaperKey
from app.papers.summary_xlsx import write_summary_xlsx
from app.papers.table_pdf import write_table_pdf
from app.papers.tables_xlsx import write_tables_xlsx
from app.papers.working_pdf import write_working_papers_pdf
from tests.papers import samples
from tests.papers.conftest import business_stamp, make_key

FOLDER = Path(__file__).parent / "golden"
SCALE = 1.1


def write_tables(path: Path) -> None:
    """The workbook of determination tables."""
    write_tables_xlsx([samples.table_paper(), samples.table_paper([])], samples.head(), path)


def write_summary(path: Path) -> None:
    """The workbook of the summary."""
    write_summary_xlsx(samples.summary_paper(), path)


WORKBOOKS: dict[str, Callable[[Path], None]] = {"tables": write_tables, "summary": write_summary}


def cells_text(path: Path) -> str:
    """Every cell of a workbook as a line: address, formula or value, stored value, format."""
    formulas = openpyxl.load_workbook(path)
    values = openpyxl.load_workbook(path, data_only=True)
    lines = []
    for sheet in formulas.worksheets:
        merged = sorted(str(found) for found in sheet.merged_cells.ranges)
        lines.append(f"# {sheet.title} {sheet.sheet_state} {sheet.freeze_panes} {merged}")
        for found in sheet.data_validations.dataValidation:
            lines.append(f"# {found.sqref} {found.type} {found.formula1}")
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell, Cell) and cell.value is not None:
                    lines.append(_cell_line(cell, values[sheet.title][cell.coordinate].value))
    return "\n".join(lines) + "\n"


def _cell_line(cell: Cell, stored: object) -> str:
    text = str(cell.value).replace("\n", "\\n")
    if cell.data_type == "f":
        text += f" → {stored}"
    return f"{cell.coordinate} {cell.data_type} {cell.number_format} | {text}"


def draw_table(folder: Path, key: PaperKey) -> Path:
    """A stamped determination table."""
    stamp: Stamp = business_stamp()
    result = write_table_pdf(samples.table_paper(), folder / "table.pdf", stamp=stamp)
    sign_paper(result, key, stamp)
    return result.path


def draw_working_paper(folder: Path, key: PaperKey) -> Path:
    """Working papers with the accountant's stamp."""
    stamp = business_stamp()
    out = folder / "working-paper.pdf"
    sign_paper(write_working_papers_pdf(samples.working_papers(1), out, stamp=stamp), key, stamp)
    return out


def draw_big_loss(folder: Path, key: PaperKey) -> Path:
    """A stamped sheet of table 2."""
    stamp = business_stamp()
    result = write_big_loss_pdf(samples.big_loss_paper(1), folder / "big-loss.pdf", stamp=stamp)
    sign_paper(result, key, stamp)
    return result.path


PICTURES: dict[str, tuple[Callable[[Path, PaperKey], Path], int]] = {
    "table": (draw_table, 0),
    "working-paper": (draw_working_paper, 1),
    "big-loss": (draw_big_loss, 0),
}


def picture_of(path: Path, page: int) -> Image.Image:
    """A page as a reader shows it, seal included."""
    with pypdfium2.PdfDocument(path) as document:
        document.init_forms()
        shown: Image.Image = document[page].render(scale=SCALE, may_draw_forms=True).to_pil()
        return shown.convert("RGB")


def main() -> None:
    """Writes all golden files anew."""
    FOLDER.mkdir(exist_ok=True)
    key = make_key("青山信用社")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for title, write in WORKBOOKS.items():
            write(folder / "book.xlsx")
            (FOLDER / f"{title}.txt").write_text(cells_text(folder / "book.xlsx"), encoding="utf-8")
        for title, (draw, page) in PICTURES.items():
            picture = picture_of(draw(folder, key), page)
            small = picture.quantize(32, dither=Image.Dither.NONE)
            small.save(FOLDER / f"{title}.png", optimize=True)


if __name__ == "__main__":
    main()
