"""Made-up evidence: pictures that say what they stand for and that they are made up."""

from __future__ import annotations

import io

from PIL import Image

from app.demo.evidence import SIZE, picture


def test_a_picture_of_the_paper() -> None:
    image = Image.open(io.BytesIO(picture("对账单", "青山信用社")))
    assert (image.format, image.size) == ("PNG", SIZE)
    # Something is written on it.
    assert len(set(image.tobytes())) > 10


def test_another_paper_is_another_picture() -> None:
    pictures = {picture("对账单", "青山"), picture("合同", "青山"), picture("对账单", "白河")}
    assert len(pictures) == 3


def test_the_same_paper_is_the_same_picture() -> None:
    first = picture("发票", "青山")
    picture.cache_clear()
    assert picture("发票", "青山") == first


def test_it_is_small() -> None:
    assert len(picture("房屋所有权证、土地使用权证", "青山信用社")) < 30_000
