"""Templates: workbooks to fill in by hand, one per table; hidden keys bring them back in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.files import replacing
from app.forms.classes import FiveClass
from app.forms.ruleset import RuleSet
from app.forms.schema import FieldDef
from app.forms.table import Table
from app.intake.cells import column_name
from app.intake.columns import may_fill
from app.intake.marker import SHEET_NAME, marker_rows
from app.intake.messages import IntakeError

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

TITLE_ROW, INFO_ROW, SECTION_ROW, LABEL_ROW, KEY_ROW = range(1, 6)
FIRST_ROW = KEY_ROW + 1
LAST_ROW = 5000
"""Down to here the drop-downs reach; further rows can be filled in all the same."""
CHOICES_SHEET = "选项"
_SCREEN_COLUMNS = 6
_FONT = "宋体"
_AUTHOR = "五级"
_NUMBER_FORMATS = {"money": "#,##0.00", "int": "0", "rate": "0.00%", "date": "yyyy-mm-dd"}
_WIDTHS = {"long": 36, "text": 20, "money": 16, "date": 13, "many": 24, "code": 22}
_REQUIRED_FILL, _OTHER_FILL, _SECTION_FILL = "DCE9F7", "EFEFEF", "F7F7F7"
_INFO = (
    "填报单位：　　　　基准日：　　　　单位：元\n"
    "蓝色栏必填；灰色栏可不填或有条件才填，工作底稿和初分意见可以导入后再填；每行一笔；栏名上的批注是填报说明。"
)


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """One column of a template: a field that is typed in, and its section."""

    field: FieldDef
    section: str
    letter: str


def template_columns(table: Table) -> list[TemplateColumn]:
    """Every field that the office types in, in the form's order."""
    fields = [
        (table.fields[key], section.title) for section in table.sections for key in section.fields
    ]
    typed = [(f, title) for f, title in fields if may_fill(f, template=True)]
    return [TemplateColumn(f, title, column_name(n)) for n, (f, title) in enumerate(typed)]


def write_template(ruleset: RuleSet, table_id: str, out: str | Path) -> Path:
    """Writes the template of a table; the file appears whole or not at all."""
    from openpyxl import Workbook

    out = Path(out)
    table = ruleset.tables.get(table_id)
    if table is None or table not in ruleset.row_tables:
        code = "I037" if table is not None else "I022"
        tables = "、".join(t.id for t in ruleset.row_tables)
        raise IntakeError(code, file=out.name, table=table_id, tables=tables)
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = f"附表{table.id}"
    columns = template_columns(table)
    _write_head(sheet, table, columns)
    _format_columns(sheet, columns)
    _write_choices(workbook, sheet, ruleset, table, columns)
    hidden = workbook.create_sheet(SHEET_NAME)
    for line in marker_rows(table.id, ruleset.id):
        hidden.append(line)
    hidden.sheet_state = "veryHidden"
    with replacing(out) as part:
        workbook.save(part)
    return out


def _write_head(sheet: Worksheet, table: Table, columns: Sequence[TemplateColumn]) -> None:
    from openpyxl.styles import Alignment, Font

    last = columns[-1].letter
    sheet[f"A{TITLE_ROW}"] = f"附表{table.id}　{table.title}"
    sheet[f"A{TITLE_ROW}"].font = Font(_FONT, size=16, bold=True)
    sheet[f"A{INFO_ROW}"] = _INFO
    sheet[f"A{INFO_ROW}"].font = Font(_FONT, size=10)
    for row in (TITLE_ROW, INFO_ROW):
        # Merged over a screen's width only, so that the words stand where people look.
        sheet.merge_cells(f"A{row}:{column_name(min(len(columns), _SCREEN_COLUMNS) - 1)}{row}")
    for first, final, title in _sections(columns):
        _head_cell(sheet, f"{first}{SECTION_ROW}", title, _SECTION_FILL)
        sheet[f"{first}{SECTION_ROW}"].alignment = Alignment(horizontal="left", indent=1)
        if first != final:
            sheet.merge_cells(f"{first}{SECTION_ROW}:{final}{SECTION_ROW}")
    for column in columns:
        fill = _REQUIRED_FILL if _is_needed(column.field) else _OTHER_FILL
        place = f"{column.letter}{LABEL_ROW}"
        _head_cell(sheet, place, column.field.label, fill)
        sheet[place].comment = _comment(column.field)
        sheet[f"{column.letter}{KEY_ROW}"] = column.field.key
    sheet.row_dimensions[TITLE_ROW].height = 28
    sheet.row_dimensions[INFO_ROW].height = 32
    sheet.row_dimensions[LABEL_ROW].height = 46
    sheet.row_dimensions[KEY_ROW].hidden = True
    sheet.freeze_panes = f"B{FIRST_ROW}"
    sheet.print_title_rows = f"{SECTION_ROW}:{LABEL_ROW}"
    sheet.page_setup.orientation = "landscape"
    sheet[f"A{TITLE_ROW}"].alignment = Alignment(vertical="center")
    sheet[f"A{INFO_ROW}"].alignment = Alignment(vertical="center", wrap_text=True)
    sheet.auto_filter.ref = f"A{LABEL_ROW}:{last}{LABEL_ROW}"


def _is_needed(field: FieldDef) -> bool:
    """Whether each row needs it at once; working paper and opinion may follow in the program."""
    may_wait = field.optional or field.asked_when or field.default or field.draft
    return field.part == "row" and not may_wait


def _sections(columns: Sequence[TemplateColumn]) -> Iterator[tuple[str, str, str]]:
    """First column, last column and title of each run of columns of one section."""
    first = columns[0]
    previous = first
    for column in columns[1:]:
        if column.section != first.section:
            yield first.letter, previous.letter, first.section
            first = column
        previous = column
    yield first.letter, previous.letter, first.section


def _head_cell(sheet: Worksheet, place: str, text: str, fill: str) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    line = Side(style="thin", color="999999")
    cell = sheet[place]
    cell.value = text
    cell.font = Font(_FONT, size=10, bold=True)
    cell.fill = PatternFill("solid", fgColor=fill)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.border = Border(left=line, right=line, top=line, bottom=line)


def _comment(field: FieldDef) -> Any:
    from openpyxl.comments import Comment

    text = instruction_text(field)
    lines = sum(1 + len(line) // 24 for line in text.splitlines())
    return Comment(text, _AUTHOR, width=360, height=min(40 + 18 * lines, 640))


def instruction_text(field: FieldDef) -> str:
    """What the clerk reads beside the field: instruction, example, how to write it, the choices."""
    parts = [f"【{field.label}】{field.instruction}"]
    if field.example:
        parts.append(f"例：{field.example}")
    if field.asked_when:
        parts.append("有条件才填：不符合条件时留空。")
    elif field.draft:
        parts.append("可以不填：需要时由程序起草，导入后再核对。")
    elif field.optional or field.default:
        parts.append("可以不填。")
    elif field.part != "row":
        parts.append("可以先不填，导入后在程序里再填。")
    parts.extend(_how_to_write(field))
    parts.extend(f"· {choice.label}：{choice.explanation}" for choice in field.choices)
    return "\n".join(parts)


def _how_to_write(field: FieldDef) -> Iterator[str]:
    match field.type:
        case "date" if field.month_allowed:
            yield "写法：2006-12-31；只知道年月的写 2006-12，只知道年的写 2006。"
        case "date":
            yield "写法：2006-12-31。"
        case "money":
            yield "写法：元，最多两位小数。"
        case "rate":
            yield "写法：38% 或 0.38。"
        case "many":
            nothing = f"没有的写“{field.none_label}”。" if field.none_label else ""
            yield f"可以写几项，用顿号隔开。{nothing}"


def _format_columns(sheet: Worksheet, columns: Sequence[TemplateColumn]) -> None:
    from openpyxl.styles import Alignment, Font

    for column in columns:
        field = column.field
        look = sheet.column_dimensions[column.letter]
        look.width = max(_WIDTHS.get(field.type, 14), min(2 * len(field.label) + 2, 24))
        look.font = Font(_FONT, size=10)
        look.alignment = Alignment(vertical="top", wrap_text=field.type in ("text", "long"))
        look.number_format = _number_format(field)


def _number_format(field: FieldDef) -> str:
    if field.type == "date" and field.month_allowed:
        # Left to itself a spreadsheet turns 2004-03 into the first of March.
        return "@"
    return _NUMBER_FORMATS.get(field.type, "@")


def choice_words(field: FieldDef, ruleset: RuleSet, table_id: str) -> tuple[str, ...]:
    """What the drop-down of a field offers, empty for fields without one."""
    match field.type:
        case "bool":
            return ("是", "否")
        case "one":
            return tuple(choice.label for choice in field.choices)
        case "class5":
            return tuple(five.label for five in FiveClass)
        case "many":
            nothing = (field.none_label,) if field.none_label else ()
            return (*nothing, *(choice.label for choice in field.choices))
        case "code":
            subjects = ruleset.chart.values()
            return tuple(f"{s.code} {s.name}" for s in subjects if s.table == table_id)
    return ()


def _write_choices(
    workbook: Workbook,
    sheet: Worksheet,
    ruleset: RuleSet,
    table: Table,
    columns: Sequence[TemplateColumn],
) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    lists = workbook.create_sheet(CHOICES_SHEET)
    lists.sheet_state = "hidden"
    place = 0
    for column in columns:
        words = choice_words(column.field, ruleset, table.id)
        if not words:
            continue
        letter = column_name(place)
        place += 1
        for row, word in enumerate((column.field.label, *words), 1):
            lists[f"{letter}{row}"] = word
        # Lists in the rule itself end at 255 characters; a range does not.
        source = f"'{CHOICES_SHEET}'!${letter}$2:${letter}${len(words) + 1}"
        strict = column.field.type not in ("many", "code")
        rule = DataValidation(type="list", formula1=source, allow_blank=True)
        rule.showErrorMessage = strict
        rule.errorTitle, rule.error = column.field.label[:32], "请从下拉选项中选择。"
        rule.add(f"{column.letter}{FIRST_ROW}:{column.letter}{LAST_ROW}")
        sheet.add_data_validation(rule)
