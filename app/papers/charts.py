"""Charts of reports: bars with their values, drawn in a PDF or as a picture for a document."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from app.papers.fonts import text_width
from app.papers.report_model import Chart
from app.resources import resource_path

if TYPE_CHECKING:
    from app.papers.pen import Pen

BAR, GAP, SIZE, TITLE = 13.0, 7.0, 8.5, 9.5
_TOP, _BOTTOM = 22.0, 8.0
_LABEL_GAP = 6.0
_PICTURE_SCALE = 3
_PLAIN = "#5b7f99"
_COLOURS = {
    "normal": "#8fc49a",
    "special_mention": "#f0d264",
    "substandard": "#eb9d52",
    "doubtful": "#c9483c",
    "loss": "#5c1733",
}
_FONT = "NotoSerifSC-Regular-GB2312-TGH.ttf"


@dataclass(frozen=True, slots=True)
class PlacedBar:
    """One bar where it is drawn: distances from the chart's left and top, in points."""

    label: str
    shown: str
    top: float
    left: float
    length: float
    colour: str


@dataclass(frozen=True, slots=True)
class ChartLayout:
    """A chart laid out for a width."""

    title: str
    width: float
    height: float
    bars: tuple[PlacedBar, ...]


def lay_out(chart: Chart, width: float) -> ChartLayout:
    """Places the bars: labels right-aligned before them, values behind them."""
    labels = max((text_width(bar.label, SIZE) for bar in chart.bars), default=0.0)
    values = max((text_width(bar.shown, SIZE) for bar in chart.bars), default=0.0)
    left = labels + 2 * _LABEL_GAP
    room = max(20.0, width - left - values - 2 * _LABEL_GAP)
    most = max((bar.value for bar in chart.bars), default=None)
    placed = []
    for number, bar in enumerate(chart.bars):
        share = float(bar.value / most) if most else 0.0
        top = _TOP + number * (BAR + GAP)
        colour = _COLOURS.get(bar.colour, _PLAIN)
        placed.append(PlacedBar(bar.label, bar.shown, top, left, room * share, colour))
    height = _TOP + len(chart.bars) * (BAR + GAP) - GAP + _BOTTOM
    return ChartLayout(chart.title, width, height, tuple(placed))


def draw_chart(pen: Pen, layout: ChartLayout, left: float, top: float) -> None:
    """Draws the chart in a PDF, its upper left corner at a point."""
    prepare = pen.fonts.prepare
    pen.centred(left + layout.width / 2, top - 12, prepare(layout.title), TITLE, bold=0.2)
    for bar in layout.bars:
        base = top - bar.top - BAR
        text_at = base + (BAR - SIZE) / 2 + 1.2
        label = prepare(bar.label)
        pen.flush_right(left + bar.left - _LABEL_GAP, text_at, label, SIZE)
        pen.colour(*_shades(bar.colour))
        pen.block(left + bar.left, base, bar.length, BAR)
        pen.colour(0, 0, 0)
        pen.text(left + bar.left + bar.length + _LABEL_GAP, text_at, prepare(bar.shown), SIZE)
    if layout.bars:
        axis = left + layout.bars[0].left
        pen.line(axis, top - _TOP + 3, axis, top - layout.height + _BOTTOM - 3)


def chart_picture(chart: Chart, width: float) -> bytes:
    """The chart as a PNG, sharp enough to be printed at this width in points."""
    from PIL import Image, ImageDraw

    layout = lay_out(chart, width)
    scale = _PICTURE_SCALE
    image = Image.new("RGB", (round(width * scale), round(layout.height * scale)), "white")
    draw = ImageDraw.Draw(image)
    title, words = _font(round(TITLE * scale)), _font(round(SIZE * scale))
    draw.text((width * scale / 2, 8 * scale), layout.title, "black", title, anchor="mm")
    for bar in layout.bars:
        middle = (bar.top + BAR / 2) * scale
        left, right = bar.left * scale, (bar.left + bar.length) * scale
        box = (left, bar.top * scale, right, (bar.top + BAR) * scale)
        draw.rectangle(box, fill=bar.colour)
        draw.text((left - _LABEL_GAP * scale, middle), bar.label, "black", words, anchor="rm")
        draw.text((right + _LABEL_GAP * scale, middle), bar.shown, "black", words, anchor="lm")
    if layout.bars:
        axis = layout.bars[0].left * scale
        ends = ((_TOP - 3) * scale, (layout.height - _BOTTOM + 3) * scale)
        draw.line((axis, ends[0], axis, ends[1]), fill="black", width=2)
    buffer = BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


@lru_cache(maxsize=8)
def _font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.truetype(str(resource_path("fonts", _FONT)), size)


def _shades(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue
