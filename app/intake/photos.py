"""Files as evidence: photos turned upright, scaled and rid of what they tell about the place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from app.errors import KnownError, system_reason

if TYPE_CHECKING:
    from PIL.Image import Image

LONG_SIDE = 2000
"""Pixels: an A4 page stays legible down to the small print."""
QUALITY = 85
LARGEST = 64 << 20
"""What a book takes of one file."""
LARGEST_PHOTO = 4 * LARGEST
"""What is read of a photo, which is scaled before it goes into the book."""
PHOTO_SUFFIXES = frozenset((".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif"))
PHONE_SUFFIXES = frozenset((".heic", ".heif"))
_ORIENTATION, _PLACE = 0x0112, 0x8825
_UPRIGHT = (None, 0, 1)


class EvidenceFileError(KnownError):
    """A file that can't be evidence as it is."""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file ready to go into the book."""

    name: str
    content: bytes


def evidence_files(
    source: Path | bytes, name: str, *, keep_original: bool = False
) -> list[EvidenceFile]:
    """A file as the book is to hold it; with the original of a photo that was changed, on wish."""
    suffix = PurePath(name).suffix.lower()
    if suffix in PHONE_SUFFIXES:
        raise EvidenceFileError(f"“{name}”是手机的HEIC格式，读不了。请另存为JPG后再附。")
    is_photo = suffix in PHOTO_SUFFIXES
    content = _read(source, name, LARGEST_PHOTO if is_photo else LARGEST)
    if not is_photo:
        return [EvidenceFile(name, content)]
    photo = upright_photo(content, name)
    if len(photo.content) > LARGEST:
        raise _too_large(name, LARGEST)
    if keep_original and photo.content is not content and len(content) <= LARGEST:
        path = PurePath(name)
        return [photo, EvidenceFile(f"{path.stem}（原件）{path.suffix}", content)]
    return [photo]


def _read(source: Path | bytes, name: str, limit: int) -> bytes:
    if isinstance(source, bytes):
        content = source
    else:
        try:
            if source.stat().st_size > limit:
                raise _too_large(name, limit)
            content = source.read_bytes()
        except OSError as error:
            raise EvidenceFileError(
                f"“{name}”读不出来：{system_reason(error)}。请换一个文件。"
            ) from error
    if not content:
        raise EvidenceFileError(f"“{name}”是空文件。请重新拍照或扫描。")
    if len(content) > limit:
        raise _too_large(name, limit)
    return content


def _too_large(name: str, limit: int) -> EvidenceFileError:
    return EvidenceFileError(f"“{name}”超过{limit >> 20}兆，请先压缩或分成几个文件。")


@contextmanager
def opened_picture(content: bytes, name: str) -> Iterator[Image]:
    """A picture file while it is read; one clear line where it can't be."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(content)) as image:
            yield image
    except Image.DecompressionBombError as error:
        raise EvidenceFileError(f"“{name}”的像素多得不可能，请缩小后再附。") from error
    except UnidentifiedImageError as error:
        raise EvidenceFileError(f"“{name}”不是图片，或已损坏。请重新拍照或扫描。") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise EvidenceFileError(f"“{name}”已损坏，读不完整。请重新拍照或扫描。") from error


def upright_photo(content: bytes, name: str) -> EvidenceFile:
    """The photo upright, at most `LONG_SIDE` long, without its place; as it is where that holds."""
    with opened_picture(content, name) as image:
        exif = image.getexif()
        turned = exif.get(_ORIENTATION) not in _UPRIGHT
        telling = bool(exif.get_ifd(_PLACE))
        many_pages = getattr(image, "n_frames", 1) > 1
        fits = max(image.size) <= LONG_SIDE and image.format != "BMP"
        if many_pages or (fits and not turned and not telling):
            image.load()  # what is cut off is noticed now, not by the reviewer
            return EvidenceFile(name, content)
        smaller = _smaller(image)
    if len(smaller) >= len(content) and not turned and not telling:
        return EvidenceFile(name, content)
    return EvidenceFile(f"{PurePath(name).stem}.jpg", smaller)


def _smaller(image: Image) -> bytes:
    from PIL import Image, ImageOps

    profile = image.info.get("icc_profile") if image.mode in ("RGB", "L") else None
    if image.mode not in ("RGB", "L", "CMYK"):
        image = on_white(image)
    image.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    upright = ImageOps.exif_transpose(image)
    if upright.mode == "CMYK":
        upright = upright.convert("RGB")
    upright.info = {}  # comments and the like, which would be written again
    buffer = BytesIO()
    upright.save(buffer, "JPEG", quality=QUALITY, optimize=True, icc_profile=profile)
    return buffer.getvalue()


def on_white(image: Image) -> Image:
    """A picture of any kind as plain colours, what is transparent in it white."""
    from PIL import Image

    exif = image.getexif()
    layered = image.convert("RGBA")
    paper = Image.new("RGBA", layered.size, "white")
    flat = Image.alpha_composite(paper, layered).convert("RGB")
    flat.info["exif"] = exif.tobytes()
    return flat
