"""A report read back from its Markdown: what stands in its tables, section by section."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TypeAlias

Rows: TypeAlias = list[list[str]]


def read_tables(page: str) -> dict[str, Rows]:
    """Return the rows of each table by the heading over it, without its head."""
    tables: dict[str, Rows] = {}
    heading, row_number = "", 0
    for line in page.splitlines():
        if line.startswith("#"):
            heading, row_number = line.lstrip("# "), 0
        elif line.startswith("|"):
            row_number += 1
            if row_number > 2:
                tables.setdefault(heading, []).append(list(_read_cells(line)))
    return tables


def _read_cells(line: str) -> Iterator[str]:
    for cell in re.split(r"(?<!\\)\|", line)[1:-1]:
        yield re.sub(r"\\(.)", r"\1", html.unescape(cell)).strip()


def read_days(rows: Rows) -> dict[int, int]:
    """Return the cases of each day that the calendar shows."""
    found = (re.match(r"(\d+)(?:日|:) \*\*(\d+)\*\*", cell) for row in rows for cell in row if cell)
    return {int(day[1]): int(day[2]) for day in found if day}
