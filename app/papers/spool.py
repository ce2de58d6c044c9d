"""A PDF file that is written while it grows: finished pages leave memory at once."""

from __future__ import annotations

import hashlib
import zlib
from array import array
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO

from reportlab.pdfbase import pdfdoc

if TYPE_CHECKING:
    from PIL.Image import Image

_HEADER = b"%PDF-1.7\n%\xe4\xba\x94\xe7\xba\xa7\n"
_FREE_ENTRY = b"0000000000 65535 f \n"
_NODE_SIZE = 100
"""Pages in one node of the page tree, so that no array grows with the paper."""


def pdf_text(text: str) -> bytes:
    """A text string object in UTF-16."""
    return b"<" + ("\ufeff" + text).encode("utf-16-be").hex().encode() + b">"


def pdf_date(moment: datetime) -> bytes:
    """A date string object."""
    return f"(D:{moment:%Y%m%d%H%M%S})".encode()


class PaperFile(pdfdoc.PDFDocument):  # type: ignore[misc]
    """ReportLab's document (its fonts and images) with pages, forms and outline written at once."""

    def __init__(self, out: BinaryIO, *, title: str, author: str, created: datetime | None) -> None:
        super().__init__(compression=1, invariant=1)
        self._out = out
        self._at = 0
        self._digest = hashlib.sha256()
        self._offsets = array("Q")
        self._describe(title, author, created)
        self._resources = self.new_number()
        self._root = self.new_number()
        self._forms: dict[str, int] = {}
        self._images: dict[str, int] = {}
        self._nodes: list[tuple[int, int]] = []
        self._behind = 0
        self._node = self.new_number()
        self._kids: list[int] = []
        self._page = self.new_number()
        self._outline = _Outline(self)
        self.page_count = 0
        self._emit(_HEADER)

    def _describe(self, title: str, author: str, created: datetime | None) -> None:
        entries = [b"/Title " + pdf_text(title), b"/Author " + pdf_text(author)]
        entries += [b"/Producer (Wuji)", b"/Creator (Wuji)"]
        if created is not None:
            entries += [b"/CreationDate " + pdf_date(created), b"/ModDate " + pdf_date(created)]
        self._info = b"<< " + b" ".join(entries) + b" >>"

    # Objects

    def new_number(self) -> int:
        """The next free object number."""
        self.objectcounter += 1
        return int(self.objectcounter)

    def _emit(self, data: bytes) -> None:
        self._out.write(data)
        self._digest.update(data)
        self._at += len(data)

    def _mark(self, number: int) -> None:
        missing = number + 1 - len(self._offsets)
        if missing > 0:
            self._offsets.frombytes(bytes(8 * missing))
        self._offsets[number] = self._at

    def put(self, number: int, body: bytes) -> None:
        """Writes one object."""
        self._mark(number)
        self._emit(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def put_stream(self, number: int, entries: bytes, content: bytes) -> None:
        """Writes one compressed stream object."""
        packed = zlib.compress(content, 6)
        head = b"<< %s /Filter /FlateDecode /Length %d >>" % (entries, len(packed))
        self.put(number, head + b"\nstream\n" + packed + b"\nendstream")

    # Pages

    def end_page(self, width: float, height: float, content: bytes) -> None:
        """Writes the current page and begins the next."""
        stream = self.new_number()
        self.put_stream(stream, b"", content)
        page = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %.2f %.2f]" % (
            self._node,
            width,
            height,
        )
        page += b" /Resources %d 0 R /Contents %d 0 R >>" % (self._resources, stream)
        self.put(self._page, page)
        self._kids.append(self._page)
        self.page_count += 1
        if len(self._kids) == _NODE_SIZE:
            self._close_node()
        self._page = self.new_number()

    def _close_node(self) -> None:
        kids = b" ".join(b"%d 0 R" % kid for kid in self._kids)
        body = b"<< /Type /Pages /Parent %d 0 R /Count %d /Kids [%s] >>"
        self.put(self._node, body % (self._root, len(self._kids), kids))
        self._nodes.append((self._node, len(self._kids)))
        self._kids = []
        self._node = self.new_number()

    def begin_front(self) -> None:
        """Pages from here on stand in front of all that were written before."""
        if self._kids:
            self._close_node()
        self._behind = len(self._nodes)

    def add_bookmark(self, title: str, top: float) -> None:
        """A line of the outline that leads to the current page."""
        self._outline.add(title, self._page, top)

    # Forms and images: drawn once, used on many pages

    def reserve_form(self, name: str) -> None:
        """Announces a form that pages use before it is known (as the number of pages)."""
        self._forms.setdefault(name, self.new_number())

    def put_form(self, name: str, box: Sequence[float], content: bytes) -> None:
        """Writes a form; pages draw it with ``/name Do``."""
        self.reserve_form(name)
        entries = b"/Type /XObject /Subtype /Form /BBox [%s] /Resources << /Font %s %s >>" % (
            " ".join(f"{edge:.2f}" for edge in box).encode(),
            self._reference(pdfdoc.BasicFonts),
            self._image_entries(),
        )
        self.put_stream(self._forms[name], entries, content)

    def has_form(self, name: str) -> bool:
        """Whether a form of that name was written or announced."""
        return name in self._forms

    def put_image(self, name: str, picture: Image) -> None:
        """Writes a Pillow picture, transparency included; forms draw it with ``/name Do``."""
        layers = picture.convert("RGBA")
        shape = b"/Type /XObject /Subtype /Image /Width %d /Height %d" % layers.size
        mask = self.new_number()
        entries = shape + b" /BitsPerComponent 8 /ColorSpace /DeviceGray"
        self.put_stream(mask, entries, layers.getchannel("A").tobytes())
        self._images[name] = self.new_number()
        entries = shape + b" /BitsPerComponent 8 /ColorSpace /DeviceRGB /SMask %d 0 R" % mask
        self.put_stream(self._images[name], entries, layers.convert("RGB").tobytes())

    def _reference(self, name: str) -> bytes:
        return b"%d 0 R" % self.idToObjectNumberAndVersion[name][0]

    def _image_entries(self) -> bytes:
        if not self._images:
            return b""
        named = b" ".join(b"/%s %d 0 R" % (n.encode(), i) for n, i in self._images.items())
        return b"/XObject << %s >>" % named

    # The end

    def close(self) -> None:
        """Writes fonts, page tree, outline and cross-reference table; the file is then whole."""
        self._put_resources()
        self._put_library_objects()
        if self._kids:
            self._close_node()
        nodes = self._nodes[self._behind :] + self._nodes[: self._behind]
        kids = b" ".join(b"%d 0 R" % node for node, _ in nodes)
        body = b"<< /Type /Pages /Count %d /Kids [%s] >>"
        self.put(self._root, body % (self.page_count, kids))
        catalog, info = self.new_number(), self.new_number()
        self.put(catalog, self._catalog_body())
        self.put(info, self._info)
        self._put_trailer(catalog, info)

    def _put_resources(self) -> None:
        named = b" ".join(b"/%s %d 0 R" % (n.encode(), i) for n, i in self._forms.items())
        body = b"<< /Font %s /XObject << %s >> >>"
        self.put(self._resources, body % (self._reference(pdfdoc.BasicFonts), named))

    def _put_library_objects(self) -> None:
        for font in self.delayedFonts:
            font.addObjects(self)
        number = 0
        while number < self.objectcounter:  # formatting an object may register others
            number += 1
            name = self.numberToId.get(number)
            if name is not None:
                body = pdfdoc.PDFIndirectObject(name, self.idToObject[name]).format(self)
                self._mark(number)
                self._emit(body)

    def _catalog_body(self) -> bytes:
        parts = [b"/Type /Catalog /Pages %d 0 R /Lang (zh-CN)" % self._root]
        parts.append(b"/ViewerPreferences << /DisplayDocTitle true >>")
        outline = self._outline.close()
        if outline:
            parts.append(b"/Outlines %d 0 R /PageMode /UseOutlines" % outline)
        return b"<< " + b" ".join(parts) + b" >>"

    def _put_trailer(self, catalog: int, info: int) -> None:
        start = self._at
        self._emit(b"xref\n0 %d\n" % len(self._offsets))
        for first in range(0, len(self._offsets), 1000):
            chunk = self._offsets[first : first + 1000]
            # Numbers that were claimed and not used (the page after the last) are free entries.
            self._emit(b"".join(b"%010d 00000 n \n" % at if at else _FREE_ENTRY for at in chunk))
        identity = self._digest.hexdigest()[:32].encode()
        trailer = b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%s> <%s>] >>\n"
        self._emit(trailer % (len(self._offsets), catalog, info, identity, identity))
        self._emit(b"startxref\n%d\n%%%%EOF\n" % start)


class _Outline:
    """Bookmarks in one level; each is written when the next one is known."""

    def __init__(self, file: PaperFile) -> None:
        self._file = file
        self._root = 0
        self._first = 0
        self._count = 0
        self._held: tuple[int, bytes] | None = None

    def add(self, title: str, page: int, top: float) -> None:
        """Adds a line that leads to a page."""
        if not self._root:
            self._root = self._file.new_number()
        number = self._file.new_number()
        body = b"/Title %s /Parent %d 0 R /Dest [%d 0 R /XYZ 0 %.2f null]" % (
            pdf_text(title),
            self._root,
            page,
            top,
        )
        if self._held is None:
            self._first = number
        else:
            body += b" /Prev %d 0 R" % self._held[0]
            self._release(b" /Next %d 0 R" % number)
        self._held = (number, body)
        self._count += 1

    def _release(self, tail: bytes) -> None:
        assert self._held is not None
        number, body = self._held
        self._file.put(number, b"<< " + body + tail + b" >>")

    def close(self) -> int:
        """Writes what is held; the outline's object number, 0 when there are no bookmarks."""
        if self._held is None:
            return 0
        self._release(b"")
        body = b"<< /Type /Outlines /First %d 0 R /Last %d 0 R /Count %d >>"
        self._file.put(self._root, body % (self._first, self._held[0], self._count))
        return self._root
