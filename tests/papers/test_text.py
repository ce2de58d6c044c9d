"""Line breaking: nothing lost, nothing too wide, figures whole, no closing mark in front."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.papers.fonts import text_width
from app.papers.text import longest_cluster, wrap, wrap_evenly

SIZE = 8.0
CHINESE = st.text(
    "同业存放款项逾期天数，。、；：？！）》」（《「“”’—…％ 0123456789.,%-/AZaz\n", max_size=80
)


@given(CHINESE, st.floats(min_value=2 * SIZE, max_value=200))
def test_nothing_is_lost_and_nothing_is_too_wide(text: str, width: float) -> None:
    lines = wrap(text, width, SIZE)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(text_width(line, SIZE) <= width + 1e-6 for line in lines)


@given(CHINESE, st.floats(min_value=8 * SIZE, max_value=200))
def test_no_line_begins_with_a_closing_mark(text: str, width: float) -> None:
    tidy = "".join(c for c in text if c not in "\n ")
    for line in wrap(tidy, width, SIZE)[1:]:
        # Only a row of marks wider than the line itself has to be cut.
        assert line[0] not in "，。、；：？！）》」" or tidy.count(line[0]) > 6


def test_figures_and_dates_stay_whole_where_they_fit() -> None:
    lines = wrap("账面金额为1,000,000.00元，形成于2004-03-10日", 60, SIZE)
    assert any("1,000,000.00" in line for line in lines)
    assert any("2004-03-10" in line for line in lines)


def test_a_figure_too_wide_breaks_after_a_comma() -> None:
    assert wrap("1,000,000,000.00", 30, SIZE) == ["1,000,", "000,", "000.00"]


def test_opening_marks_do_not_end_a_line() -> None:
    lines = wrap("农业银行某某支行（第二笔存款）《协议》", 6 * SIZE, SIZE)
    assert not any(line.endswith(("（", "《")) for line in lines)
    assert not any(line.startswith(("）", "》")) for line in lines)


def test_line_breaks_of_the_text_are_kept() -> None:
    assert wrap("1. 甲\n\n2. 乙", 200, SIZE) == ["1. 甲", "", "2. 乙"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("核算科目", ["核算", "科目"]),
        ("预计损失率", ["预计损", "失率"]),
        ("序号", ["序号"]),
    ],
)
def test_titles_break_evenly(text: str, lines: list[str]) -> None:
    assert wrap_evenly(text, 3.2 * SIZE, SIZE) == lines


def test_the_longest_cluster_is_the_widest_piece_kept_whole() -> None:
    assert longest_cluster("形成于2004-03-10日", SIZE) == text_width("2004-03-10", SIZE)
