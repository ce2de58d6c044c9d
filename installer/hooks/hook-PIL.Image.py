"""The picture formats that evidence and seals come in; PyInstaller would take all forty."""

from __future__ import annotations

FORMATS = ("Bmp", "Gif", "Jpeg", "Mpo", "Png", "Ppm", "Tiff", "WebP")
hiddenimports = [f"PIL.{name}ImagePlugin" for name in FORMATS]
