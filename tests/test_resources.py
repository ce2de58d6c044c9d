"""Resources are found from a checkout, from an installed wheel and in a frozen program."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import resources

FONT = ("fonts", "NotoSansSC-Regular-GB2312-TGH.ttf")


@pytest.fixture(autouse=True)
def _look_again() -> Iterator[None]:
    resources.resource_root.cache_clear()
    yield
    resources.resource_root.cache_clear()


def test_from_a_checkout(project_root: Path) -> None:
    assert resources.resource_path(*FONT) == project_root.joinpath("resources", *FONT)


def test_a_missing_one_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"nosuch\.ttf"):
        resources.resource_path("fonts", "nosuch.ttf")


def test_frozen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "a.txt").write_text("a", encoding="utf-8")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resources.resource_path("a.txt").read_text(encoding="utf-8") == "a"


def test_from_an_installed_wheel(project_root: Path, tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="the development lock holds it")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=project_root, check=True, capture_output=True)
    site = tmp_path / "site"
    with zipfile.ZipFile(next(tmp_path.glob("wuji-*.whl"))) as wheel:
        wheel.extractall(site)
    code = f"from app.resources import resource_path; print(resource_path(*{FONT!r}))"
    # -P keeps the checkout off the path; the editable one stands behind PYTHONPATH.
    found = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(site)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert Path(found.stdout.strip()) == site.joinpath("app", "_resources", *FONT)
    assert {path.name for path in (site / "app" / "_resources" / "rulesets").iterdir()} == {
        path.name
        for path in (project_root / "resources" / "rulesets").iterdir()
        if any(path.iterdir())
    }
