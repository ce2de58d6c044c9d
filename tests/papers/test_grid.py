"""The header grid of official tables and the widths of their columns."""

from __future__ import annotations

from app.forms.loader import builtin_rulesets, load_ruleset
from app.papers.cells import paper_columns
from app.papers.fit import fit_columns
from app.papers.fonts import text_width
from app.papers.grid import HeaderCell, header_cells, header_depth
from tests.papers.samples import COLUMNS_1_2, column, two_rows


def test_neighbours_with_the_same_groups_share_a_cell() -> None:
    columns = (
        column("a", "序号", 8, "int"),
        column("b", "内容", 16, "one", "操作风险", "合规性"),
        column("c", "金额", 18, "money", "操作风险", "合规性"),
        column("d", "其它", 18, "text", "操作风险"),
        column("e", "备注", 18),
    )
    assert header_depth(columns) == 3
    assert header_cells(columns) == [
        HeaderCell("序号", 0, 0, 3, 1),
        HeaderCell("操作风险", 0, 1, 1, 3),
        HeaderCell("备注", 0, 4, 3, 1),
        HeaderCell("合规性", 1, 1, 1, 2),
        HeaderCell("其它", 1, 3, 2, 1),
        HeaderCell("内容", 2, 1, 1, 1),
        HeaderCell("金额", 2, 2, 1, 1),
    ]


def test_every_header_covers_each_place_once() -> None:
    for name in builtin_rulesets():
        for table in load_ruleset(name).row_tables:
            columns = paper_columns(table)
            places = [
                (cell.row + down, cell.column + across)
                for cell in header_cells(columns)
                for down in range(cell.rows)
                for across in range(cell.columns)
            ]
            assert sorted(places) == [
                (row, col) for row in range(header_depth(columns)) for col in range(len(columns))
            ], table.id


def test_widths_fill_the_page_and_hold_every_figure() -> None:
    texts = [row.texts for row in two_rows()]
    size, widths = fit_columns(COLUMNS_1_2, texts, 770)
    assert abs(sum(widths) - 770) < 0.01
    for index, one in enumerate(COLUMNS_1_2):
        if one.align == "right" or one.kind == "date":
            assert all(text_width(row[index], size) < widths[index] for row in texts)


def test_dense_tables_get_lower_rows() -> None:
    texts = [row.texts for row in two_rows()] * 20
    roomy, _ = fit_columns(COLUMNS_1_2, texts, 770)
    dense, _ = fit_columns(COLUMNS_1_2, texts, 770, dense=True)
    assert dense <= roomy


def test_figures_that_cannot_fit_are_scaled_down_together() -> None:
    columns = tuple(column(f"m{i}", "金额", 20, "money") for i in range(30))
    texts = [("999,999,999,999.99",) * 30]
    size, widths = fit_columns(columns, texts, 770)
    assert size == 5.5
    assert abs(sum(widths) - 770) < 0.01
