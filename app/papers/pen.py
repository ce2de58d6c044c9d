"""Drawing on a page: Chinese text, thin lines, boxes; in points from the lower left corner."""

from __future__ import annotations

from app.papers.fonts import ONE_PAD, PaperFonts, load_font, text_width
from app.papers.spool import PaperFile

MM = 72 / 25.4
THIN = 0.5
_BEND = 1 - 0.5523
"""Distance of a curve's handle from the corner, for a quarter circle of radius 1."""
_RISE = 0.88
"""Height of a Chinese character above the baseline, in sizes; 0.12 hang below."""
_REMEMBERED = 10_000
"""Texts whose operators are kept at a time: memory stays flat however long the paper."""


def _shown(codes: bytes, subset: int) -> str:
    """The operator that shows a string, every figure 1 padded to the width of the others."""
    if subset or b"1" not in codes:  # ASCII stands in the first subset, at its own codes
        return f"<{codes.hex()}> Tj"
    padded = f"> -{ONE_PAD} <31> -{ONE_PAD} <".join(part.hex() for part in codes.split(b"1"))
    return f"[<{padded}>] TJ"


class Pen:
    """Collects the drawing operations of one page or form."""

    def __init__(self, file: PaperFile, fonts: PaperFonts) -> None:
        self._file = file
        self.fonts = fonts
        self._code: list[str] = [f"{THIN} w"]
        self._operators: dict[tuple[str, float, float], tuple[str, str]] = {}

    def take(self) -> bytes:
        """The operations so far; the pen is then empty."""
        code, self._code = self._code, [f"{THIN} w"]
        return "\n".join(code).encode("ascii")

    def text(self, x: float, y: float, text: str, size: float, *, bold: float = 0.0) -> None:
        """Writes a prepared text from its left end on the baseline; ``bold`` thickens by points."""
        if not text:
            return
        begin, show = self._operators.get((text, size, bold)) or self._spelled(text, size, bold)
        self._code.append(f"{begin}1 0 0 1 {x:.2f} {y:.2f} Tm {show}")

    def _spelled(self, text: str, size: float, bold: float) -> tuple[str, str]:
        """What stands before and behind the place of a text; labels come again on every page."""
        code = []
        for run in self.fonts.runs(text):
            font = load_font(run.font)
            for subset, codes in font.splitString(run.text, self._file):
                name = font.getSubsetInternalName(subset, self._file)
                code.append(f"{name} {size:.2f} Tf {_shown(codes, subset)}")
        code.append(f"0 Tr {THIN} w ET" if bold else "ET")
        if len(self._operators) >= _REMEMBERED:
            self._operators.clear()
        found = (f"BT 2 Tr {bold:.2f} w " if bold else "BT ", " ".join(code))
        self._operators[text, size, bold] = found
        return found

    def centred(self, x: float, y: float, text: str, size: float, *, bold: float = 0.0) -> None:
        """Writes a text around its middle."""
        self.text(x - text_width(text, size) / 2, y, text, size, bold=bold)

    def flush_right(self, x: float, y: float, text: str, size: float) -> None:
        """Writes a text up to its right end."""
        self.text(x - text_width(text, size), y, text, size)

    def lines_in_cell(
        self,
        lines: list[str],
        box: tuple[float, float, float, float],
        size: float,
        leading: float,
        *,
        align: str = "left",
        pad: float = 2.0,
        bold: float = 0.0,
    ) -> None:
        """Writes lines into the middle of a cell (left, bottom, width, height)."""
        left, bottom, width, height = box
        top = bottom + height - (height - len(lines) * leading) / 2
        baseline = top - (leading - size) / 2 - _RISE * size
        for line in lines:
            if align == "left":
                self.text(left + pad, baseline, line, size, bold=bold)
            elif align == "right":
                self.flush_right(left + width - pad, baseline, line, size)
            else:
                self.centred(left + width / 2, baseline, line, size, bold=bold)
            baseline -= leading

    def line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """A straight line."""
        self._code.append(f"{x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l S")

    def box(self, left: float, bottom: float, width: float, height: float) -> None:
        """The outline of a rectangle."""
        self._code.append(f"{left:.2f} {bottom:.2f} {width:.2f} {height:.2f} re S")

    def block(self, left: float, bottom: float, width: float, height: float) -> None:
        """A filled rectangle."""
        self._code.append(f"{left:.2f} {bottom:.2f} {width:.2f} {height:.2f} re f")

    def blocks(self, places: list[tuple[float, float, float, float]]) -> None:
        """Many filled rectangles in one operation (a QR code)."""
        parts = [f"{x:.2f} {y:.2f} {w:.2f} {h:.2f} re" for x, y, w, h in places]
        self._code.append("\n".join([*parts, "f"]))

    def width(self, points: float) -> None:
        """Sets the width of lines."""
        self._code.append(f"{points:.2f} w")

    def colour(self, red: float, green: float, blue: float) -> None:
        """Sets the colour of lines and fillings."""
        shades = f"{red:.3f} {green:.3f} {blue:.3f}"
        self._code.append(f"{shades} RG {shades} rg")

    def round_box(
        self, left: float, bottom: float, width: float, height: float, radius: float
    ) -> None:
        """The outline of a rectangle with round corners (an ellipse at the largest radius)."""
        right, top = left + width, bottom + height
        rx, ry = min(radius, width / 2), min(radius, height / 2)
        bx, by = rx * _BEND, ry * _BEND
        path = [
            (left + rx, bottom, "m"),
            (right - rx, bottom, "l"),
            (right - bx, bottom, right, bottom + by, right, bottom + ry, "c"),
            (right, top - ry, "l"),
            (right, top - by, right - bx, top, right - rx, top, "c"),
            (left + rx, top, "l"),
            (left + bx, top, left, top - by, left, top - ry, "c"),
            (left, bottom + ry, "l"),
            (left, bottom + by, left + bx, bottom, left + rx, bottom, "c"),
        ]
        steps = [" ".join(p if isinstance(p, str) else f"{p:.2f}" for p in step) for step in path]
        self._code.append("\n".join([*steps, "h S"]))

    def draw_form(self, name: str, x: float = 0.0, y: float = 0.0) -> None:
        """Draws a form of the file with its origin at a point."""
        self._code.append(f"q 1 0 0 1 {x:.2f} {y:.2f} cm /{name} Do Q")

    def draw_image(self, name: str, x: float, y: float, width: float, height: float) -> None:
        """Draws an image of the file into a box (only inside forms)."""
        self._code.append(f"q {width:.2f} 0 0 {height:.2f} {x:.2f} {y:.2f} cm /{name} Do Q")
