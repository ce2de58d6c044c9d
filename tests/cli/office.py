"""A small office whose book is filled by commands alone; made once, copied for each test."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from filelock import FileLock

from app.cli.main import main
from app.forms import load_ruleset
from app.forms.classes import BY_CODE
from app.forms.ruleset import RuleSet
from app.forms.schema import FieldDef

RULESET = load_ruleset("inner-mongolia-2007")
BASE_DATE = "2006-12-31"
CLERK, ACCOUNTANT, HEAD = "王明", "李芳", "赵国强"
PASSPHRASE = "山高水长 2006"
KEY_ROW = 5
BALANCES = """科目代码,科目名称,借方余额,贷方余额
1131,专项央行票据,1000000.00,
1221,存放同业款项,750500.00,
1394,应付福利费垫款,150000.00,
1501,固定资产,390000.00,
1502,累计折旧,,52000.00
"""
"""The ledger holds 500.00 more on 1221 than the rows: a warning to be kept."""
ROWS: tuple[tuple[str, int, dict[str, Any]], ...] = (
    ("1-1", 9, {"asset_no": "PJ-1"}),
    (
        "1-2",
        1,
        {
            "asset_no": "TY-1",
            "name": "=存放同业",
            "counterparty": "=某某银行",
            "remarks": "+产权未定，按标准比率计算。",
        },
    ),
    ("1-5", 22, {"asset_no": "FL-1", "carrying_amount": "150000.00", "formed_on": "2006-12-31"}),
    ("1-8", 6, {"asset_no": "GZ-1"}),
)
"""Worked cases with changes; their classes: normal, substandard, loss, normal."""
LATER = ("wp_formation", "wp_state", "wp_measures", "initial_class")
"""What is filled in after the rows were taken in."""
SHEET = {
    "collection": "历年福利费超支，无可清收对象。",
    "recoverable": "0.00",
    "responsible": "原财务负责人",
    "responsibility_opinion": "按规定另行报批。",
}


@dataclass(frozen=True)
class Office:
    """Where a finished office lies."""

    folder: Path

    @property
    def book(self) -> Path:
        """The book."""
        return self.folder / "office.wuji"

    @property
    def passphrase(self) -> Path:
        """The file with the key's passphrase."""
        return self.folder / "passphrase.txt"

    @property
    def out(self) -> Path:
        """Where it exports to."""
        return self.folder / "out"

    @property
    def package(self) -> Path:
        """Its sealed package."""
        return self.out / f"QS-{BASE_DATE}.wjz"


def quietly(*arguments: object, code: int = 0) -> str:
    """Runs a command outside of any test; what it printed."""
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="utf-8")
    err = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main([str(argument) for argument in arguments])
        out.flush()
    said = raw.getvalue().decode()
    assert status == code, f"{arguments}\n{said}\n{err.getvalue()}"
    return said


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """The folder, filled the first time it is asked for; a failure leaves nothing behind.

    Several processes of one run share what is made; nobody changes it, tests work on copies.
    """
    if folder.parent.name.startswith("popen-"):  # the folder of one of these processes
        folder = folder.parent.parent / folder.name
    with FileLock(folder.with_name(f"{folder.name}.lock")):
        if not folder.exists():
            folder.mkdir()
            try:
                make(folder)
            except BaseException:
                shutil.rmtree(folder)
                raise
    return folder


def copied(source: Path, target: Path) -> Office:
    """A copy of an office for one test."""
    shutil.copytree(source, target, dirs_exist_ok=True)
    return Office(target)


def case_values(table_id: str, number: int, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a worked case with changes."""
    case = next(c for c in RULESET.table(table_id).cases if c.number == number)
    return {**case.values, **changes}


def written(field: FieldDef, value: Any) -> Any:
    """A stored value as a clerk writes it into a template."""
    labels = {choice.code: choice.label for choice in field.choices}
    if field.type == "bool":
        return "是" if value else "否"
    if field.type == "many":
        return "、".join(labels[code] for code in value) or field.none_label
    if field.type == "class5":
        return BY_CODE[value].label
    return labels.get(value, value)


def fill_template(path: Path, rows: list[dict[str, Any]], ruleset: RuleSet = RULESET) -> None:
    """Writes rows (field key → value) into a template as a clerk would, below its head."""
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.active
    keys = [cell.value for cell in sheet[KEY_ROW]]
    fields = ruleset.table(sheet.title.removeprefix("附表")).fields
    for number, values in enumerate(rows, KEY_ROW + 1):
        for column, key in enumerate(keys, 1):
            if key in values:
                cell = sheet.cell(number, column, written(fields[key], values[key]))
                # What a clerk types as text stays text, also with a = in front.
                if isinstance(cell.value, str):
                    cell.data_type = "s"
    workbook.save(path)


def make_empty(folder: Path) -> None:
    """A book with three people and a key, no rows."""
    office = Office(folder)
    office.passphrase.write_text(f"{PASSPHRASE}\nsecond line\n", encoding="utf-8")
    quietly("new", office.book, "--institution", "QS,青山信用社", "--base-date", BASE_DATE)
    for name, role in ((CLERK, "preparer"), (ACCOUNTANT, "accountant"), (HEAD, "负责人")):
        quietly("people", office.book, "add", name, "--role", role)
    quietly("key", office.book, "--new", "--passphrase-file", office.passphrase)


def make_filled(folder: Path) -> None:
    """The office with balances and four rows, filled in but for the last steps."""
    make_empty(folder)
    office = Office(folder)
    balances = folder / "balances.csv"
    balances.write_text(BALANCES, encoding="utf-8")
    quietly("import", office.book, balances, "--balances", "--as", CLERK)
    for table_id, number, changes in ROWS:
        template = folder / f"{table_id}.xlsx"
        quietly("template", table_id, template, "--ruleset", RULESET.id)
        values = case_values(table_id, number, changes)
        fill_template(template, [{k: v for k, v in values.items() if k not in LATER}])
        quietly("import", office.book, template, "--as", CLERK)


def make_finished(folder: Path) -> None:
    """The office as it is when nothing is left to do but to seal."""
    make_filled(folder)
    office = Office(folder)
    listed = json.loads(quietly("list", office.book, "--json"))
    fills = []
    for row, (table_id, number, changes) in zip(listed, ROWS, strict=True):
        values = case_values(table_id, number, changes)
        fills.append({"id": row["id"], **{key: values[key] for key in LATER if key in values}})
    file = folder / "fill.json"
    file.write_text(json.dumps(fills, ensure_ascii=False), encoding="utf-8")
    quietly("fill", office.book, file, "--as", CLERK)
    sheet = next(row["id"] for row in listed if row["table"] == "1-5")
    file.write_text(
        json.dumps({"id": sheet, "table": "2", **SHEET}, ensure_ascii=False), encoding="utf-8"
    )
    quietly("fill", office.book, file, "--as", CLERK)
    paper = folder / "对账单.txt"
    paper.write_text("对账单：750,000.00元\n", encoding="utf-8")
    quietly("attach", office.book, "1-2:TY-1", paper, "--paper", "基准日对账单")
    for problem in json.loads(quietly("check", office.book, "--json", code=1)):
        if problem["severity"] == "warning":
            why = ("--reason", "已查明，次月补记", "--note", "见附件")
            quietly("keep", office.book, problem["id"], *why)
    quietly("confirm", office.book, "--as", ACCOUNTANT)
    quietly("check", office.book)


def make_sealed(folder: Path, finished: Path) -> None:
    """The office after its package was made."""
    office = copied(finished, folder)
    quietly("export", office.book, office.out, "--passphrase-file", office.passphrase)
