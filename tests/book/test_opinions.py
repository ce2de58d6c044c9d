"""Which of a row's classes counts."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, select

from app.book.opinions import LATEST, LATEST_FIRST, latest_class
from app.models.tables import rows

ORDER = ("determined_class", "review_class", "initial_class", "suggested")


@pytest.mark.parametrize("given", range(len(ORDER) + 1))
def test_the_latest_opinion_counts_and_without_one_the_suggestion(given: int) -> None:
    line = dict.fromkeys(ORDER, None) | {name: name for name in ORDER[given:]}
    expected = ORDER[given] if given < len(ORDER) else None
    assert latest_class(line) == expected
    columns = ", ".join(f"{value!r} AS {name}" if value else f"NULL AS {name}"
                        for name, value in line.items())  # fmt: skip
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE TEMP VIEW rows AS SELECT {columns}")
        assert connection.execute(select(LATEST).select_from(rows)).scalar() == expected
    engine.dispose()


def test_every_class_of_a_row_is_ranked() -> None:
    stored = {c.name for c in rows.c if c.name.endswith("_class")} - {"last_class", "layer_class"}
    assert set(LATEST_FIRST) == stored | {"suggested"}
