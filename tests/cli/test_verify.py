"""wuji verify: is a package whole, signed, by whom, what does it hold."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.cli.office import Office
from tests.cli.running import Wuji
from tests.package.forging import Forger, with_right_comment


def test_a_whole_package(wuji: Wuji, sealed: Office) -> None:
    key = wuji("key", sealed.book, "--json").json["short_code"]
    (period,) = wuji("period", sealed.book, "--json").json
    assert wuji("verify", sealed.package).lines == [
        "文件包完整，签名成立。",
        f"签名：青山信用社，密钥短码 {key}（本机没有登记对方的密钥，请与对方核对这个短码）",
        "机构：QS 青山信用社，基准日 2006-12-31",
        "资产4笔，账面2,238,000.00元，预计损失337,500.00元，附件1份",
        f"封印码：{period['seal_code']}",
        (
            "保留的差异：科目1221 存放同业款项总账余额与各笔合计相差500.00元。"
            "（已查明，次月补记，见附件）"
        ),
    ]


def test_json(wuji: Wuji, sealed: Office) -> None:
    found = wuji("verify", sealed.package, "--json").json
    assert found["valid"] is True
    assert found["faults"] == []
    assert found["signed_by"] == "青山信用社"
    assert found["known"] is None
    (kept,) = found["kept"]
    assert set(kept) == {"id", "code", "message", "reason", "note", "by"}
    assert (kept["code"], kept["reason"]) == ("W005", "已查明，次月补记")
    assert kept["note"] == "见附件"
    assert found["kind"] == "submission"
    assert found["institution"] == {"code": "QS", "name": "青山信用社"}
    assert found["base_date"] == "2006-12-31"
    assert found["ruleset"]["id"] == "inner-mongolia-2007"
    assert found["totals"]["carrying_amount"] == "2238000.00"
    assert found["totals"]["classes"]["loss"] == 1
    assert re.fullmatch(r"[0-9A-Z-]{14}", found["seal_code"])
    assert re.fullmatch(r"[0-9A-Z-]{14}", found["key"])


def test_no_book_and_no_key_are_needed(wuji: Wuji, sealed: Office, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(sealed.package, alone / "p.wjz")
    assert wuji("verify", "alone/p.wjz").out.startswith("文件包完整")


def test_a_changed_byte(wuji: Wuji, sealed: Office) -> None:
    raw = bytearray(sealed.package.read_bytes())
    raw[len(raw) // 2] ^= 1
    sealed.package.write_bytes(bytes(raw))
    lines = wuji("verify", sealed.package, code=1).lines
    assert lines[0] == "文件包不成立："
    assert "校验码不符" in lines[1]
    assert len(lines) == 2, "nothing of it is told as if it were true"
    found = wuji("verify", sealed.package, "--json", code=1).json
    assert found["valid"] is False
    assert found["signed_by"] is None
    assert "totals" not in found


def test_changed_content_with_a_right_comment(wuji: Wuji, sealed: Office) -> None:
    raw = bytearray(sealed.package.read_bytes())
    place = raw.index(b"%PDF") + 2000
    raw[place] ^= 1
    sealed.package.write_bytes(with_right_comment(bytes(raw)))
    shown = wuji("verify", sealed.package, code=1).out
    assert re.search(r"“forms/[^”]+\.pdf”的内容与清单不符", shown)


def test_a_forgery_that_agrees_with_itself_has_another_key(
    wuji: Wuji, sealed: Office, empty: Office, tmp_path: Path
) -> None:
    key = wuji("key", sealed.book, "--json").json["short_code"]
    other = tmp_path / "other.wuji"
    wuji("new", other, "--institution", "QS,青山信用社", "--base-date", "2006-12-31")
    wuji("key", other, "--new", "--passphrase-file", sealed.passphrase)
    foreign = Office(tmp_path / "foreign")
    foreign.folder.mkdir()
    shutil.move(other, foreign.book)
    forger = Forger(sealed.package, foreign, tmp_path / "forged.wjz")
    forger.change_rows(lambda rows: rows[1]["values"].update(carrying_amount="1.00"))
    forger.agree()
    forger.sign()
    found = wuji("verify", forger.save(), "--json", code=1).json
    assert found["key"] != key
    # The papers still carry the office's own signature.
    assert all("不是用清单所用的密钥签的" in fault for fault in found["faults"])


@pytest.mark.parametrize(
    "content", [b"", b"x", b"PK\x05\x06" + bytes(18), b"SQLite format 3\x00" + bytes(500)]
)
def test_what_is_no_package(wuji: Wuji, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "p.wjz").write_bytes(content)
    assert "p.wjz" in wuji("verify", "p.wjz", code=1).out


def test_a_book_is_no_package(wuji: Wuji, sealed: Office) -> None:
    assert "不是" in wuji("verify", sealed.book, code=1).out


def test_a_missing_package(wuji: Wuji) -> None:
    assert "没有这个文件" in wuji.refused("verify", "none.wjz")


def test_a_folder(wuji: Wuji, tmp_path: Path) -> None:
    assert "是文件夹" in wuji.refused("verify", tmp_path)
