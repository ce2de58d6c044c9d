"""`wuji review`: opinions in bulk from JSON and sheets, all of them or none."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.book.book import Book
from tests.cli.running import Wuji
from tests.union.county import AUDITOR, DEPARTMENT, REVIEWER, County, collected_union, county_in


@pytest.fixture
def county(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> County:
    """A county whose union has taken both packages in."""
    base = tmp_path_factory.getbasetemp()
    county = county_in(base, tmp_path / "county")
    collected_union(base, county)
    return county


def listed(wuji: Wuji, county: County) -> list[dict[str, Any]]:
    """The union's rows."""
    found: list[dict[str, Any]] = wuji("list", county.union, "--json").json
    return found


def written(folder: Path, entries: Any) -> Path:
    """A file with these entries."""
    path = folder / "opinions.json"
    path.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")
    return path


def test_opinions_from_json_then_department_and_audit(
    wuji: Wuji, county: County, tmp_path: Path
) -> None:
    rows = listed(wuji, county)
    file = written(tmp_path, [
        {"institution": r["id"].split("-")[0], "id": r["id"], "class": r["class"], "reason": "同意"}
        for r in rows
    ])  # fmt: skip
    done = wuji("review", county.union, file, "--as", REVIEWER, "--json").json
    assert done["stages"] == {"reviewed": len(rows)}
    file = written(tmp_path, [{"id": r["id"], "department_opinion": "同意"} for r in rows])
    assert "已审核" in wuji("review", county.union, file, "--as", DEPARTMENT).out
    file = written(tmp_path, {"id": rows[0]["id"], "audit_opinion": "属实"})
    wuji("review", county.union, file, "--as", AUDITOR)
    assert {r["stage"] for r in listed(wuji, county)} == {"checked"}


def test_opinions_from_a_sheet(wuji: Wuji, county: County, tmp_path: Path) -> None:
    normal = next(r for r in listed(wuji, county) if r["class"] == "normal" and "loss_basis" in r)
    other = next(r for r in listed(wuji, county) if r["id"] != normal["id"])
    workbook = openpyxl.Workbook()
    workbook.active.append(["非信贷资产初审意见"])
    workbook.active.append(["机构", "编号", "资产名称", "初审意见", "预计损失", "理由", "要补正的"])
    office = normal["id"].split("-")[0]
    workbook.active.append([office, normal["id"], "随便", "关注", 0.01, "留有缺口", None])
    workbook.active.append(
        [None, other["id"], None, None, None, "依据不足", "备注：写明来由；资料附件：缺对账单"]
    )
    file = tmp_path / "意见.xlsx"
    workbook.save(file)
    done = wuji("review", county.union, file, "--as", REVIEWER, "--json").json
    assert done["stages"] == {"reviewed": 1, "returned": 1}
    after = {r["id"]: r for r in listed(wuji, county)}
    assert after[normal["id"]]["review_class"] == "special_mention"
    assert after[other["id"]]["stage"] == "returned"


def test_a_hidden_sheet_says_nothing(wuji: Wuji, county: County, tmp_path: Path) -> None:
    first, second = listed(wuji, county)[:2]
    workbook = openpyxl.Workbook()
    hidden = workbook.create_sheet("旧稿")
    hidden.sheet_state = "hidden"
    for sheet, row, loss in ((workbook.active, first, 0.1 + 0.2), (hidden, second, 1)):
        sheet.append(["编号", "初审意见", "预计损失", "理由"])
        sheet.append([row["id"], "可疑", loss, "重新估计"])
    file = tmp_path / "意见.xlsx"
    workbook.save(file)
    done = wuji("review", county.union, file, "--as", REVIEWER, "--json").json
    assert done["stages"] == {"reviewed": 1}
    with Book.open(county.union, write=False) as book:
        # What a spreadsheet has computed is no more than the fen it shows.
        assert book.row(first["id"]).review_loss == Decimal("0.30")
        assert book.row(second["id"]).stage == "submitted"


def test_a_file_in_another_encoding_is_refused(wuji: Wuji, county: County, tmp_path: Path) -> None:
    file = tmp_path / "opinions.json"
    file.write_bytes('[{"id": "QS-0001", "reason": "同意"}]'.encode("gb18030"))
    assert "UTF-8" in wuji.refused("review", county.union, file, "--as", REVIEWER)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("{", "JSON"), ("[]", "没有一条"), ("[1]", "一组对象"), ('[{"class": "loss"}]', "id"),
        ('[{"id": "QS-0001", "klass": "loss"}]', "class"),
        ('[{"id": "QS-0001", "reason": 5}]', "文字"),
        ('[{"id": "QS-0001", "vote": {"ja": 5}}]', "vote"),
        ('[{"id": "QS-0001", "vote": {}}]', "vote"),
        ('[{"id": "QS-0001", "vote": {"for": true}}]', "vote"),
        ('[{"id": "QS-0001", "vote": {"for": 5, "against": -1}}]', "vote"),
        ('[{"id": "QS-0001", "vote": {"for": 10000}}]', "vote"),
        ('[{"id": "QS-0001", "minutes": "nichts.pdf"}]', "nichts.pdf"),
        ('[{"id": "QS-0001", "valuations": {"cost": "5"}}]', "cost"),
        ('[{"id": "QS-0001", "valuations": 5}]', "valuations"),
        ('[{"id": "QS-0001", "marks": "备注"}]', "marks"),
        ('[{"id": "QS-0001", "marks": [{"field": "remarks"}]}]', "note"),
        ('[{"id": "QS-0001", "marks": [5]}]', "marks"),
        ('[{"id": "QS-0001", "marks": [{"field": "remarks", "note": " "}]}]', "note"),
        ('[{"id": "QS-0001", "version": true}]', "version"),
        ('[{"id": "QS-0001", "version": "neu"}]', "version"),
        ('[{"id": "QS-0001"}, {"id": "QS-0001"}]', "各有一条"),
        ('[{"id": "XX-0001", "class": "loss"}]', "XX-0001"),
        ("[" * 100000, "深"),
    ],
)  # fmt: skip
def test_wrong_files_change_nothing(
    wuji: Wuji, county: County, tmp_path: Path, content: str, word: str
) -> None:
    file = tmp_path / "opinions.json"
    file.write_text(content, encoding="utf-8")
    assert word in wuji.refused("review", county.union, file, "--as", REVIEWER)


def test_an_unknown_column_is_named_by_its_cell(wuji: Wuji, county: County, tmp_path: Path) -> None:
    file = tmp_path / "opinions.csv"
    file.write_text("id,klasse\nQS-0001,正常\n", encoding="utf-8")
    assert "B1" in wuji.refused("review", county.union, file, "--as", REVIEWER)


def test_a_missing_file_is_told(wuji: Wuji, county: County, tmp_path: Path) -> None:
    told = wuji.refused("review", county.union, tmp_path / "nichts.json", "--as", REVIEWER)
    assert "nichts.json" in told
