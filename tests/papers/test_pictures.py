"""Three forms as pictures: what people see must not change unnoticed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter

from app.papers.sign import PaperKey
from tests.papers.golden import FOLDER, PICTURES, picture_of

EVIDENCE = Path(__file__).parents[1] / "evidence"
DIFFERENT = 96
"""Grey values by which a blurred pixel must differ to count; smoothing of letters does not."""
ALLOWED = 0.0005


def share_that_differs(one: Image.Image, other: Image.Image) -> float:
    """The part of all pixels that look different."""
    blurred = [picture.convert("RGB").filter(ImageFilter.BoxBlur(1)) for picture in (one, other)]
    grey = ImageChops.difference(*blurred).convert("L")
    return sum(grey.histogram()[DIFFERENT:]) / (grey.width * grey.height)


@pytest.mark.parametrize("name", PICTURES)
def test_a_form_looks_as_it_did(name: str, tmp_path: Path, office_key: PaperKey) -> None:
    draw, page = PICTURES[name]
    shown = picture_of(draw(tmp_path, office_key), page)
    with Image.open(FOLDER / f"{name}.png") as golden:
        assert shown.size == golden.size
        share = share_that_differs(shown, golden)
    if share > ALLOWED:
        EVIDENCE.mkdir(exist_ok=True)
        shown.save(EVIDENCE / f"paper-{name}.png")
    assert share <= ALLOWED, f"see {EVIDENCE / f'paper-{name}.png'}"


def test_the_comparison_notices_a_missing_word(tmp_path: Path, office_key: PaperKey) -> None:
    draw, page = PICTURES["table"]
    shown = picture_of(draw(tmp_path, office_key), page)
    changed = shown.copy()
    changed.paste((255, 255, 255), (380, 30, 560, 60))  # the title
    assert share_that_differs(shown, changed) > ALLOWED
