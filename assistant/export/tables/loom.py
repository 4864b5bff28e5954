"""One loop over rows for just the columns of one table: a page stays near the processor, which columns in turn do not.

The loop is put together from the few forms in this module, the places of columns and their names: nothing that was
typed, read or configured is ever part of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import groupby
from typing import Any, Final, TypeAlias

from assistant.export.tables.cells import Cells
from assistant.export.tables.columns import MARKS
from assistant.export.tables.layout import Row
from assistant.store.marks import SMALL

Weave: TypeAlias = Callable[[Sequence[Row]], list[str]]

_HARMLESS: Final = re.compile(r'[a-z_":]*')


class Form(StrEnum):
    """How a value is written, with the help of something."""

    AS_IT_IS = "{{{value}}}"
    QUOTED = '"{{{value}}}"'
    LOOKED_UP = "{{{helper}[{value}]}}"
    MADE = "{{{helper}({value})}}"
    MOMENT = "{{(_q := {helper}[{value} // 900000])[0]}}{{_q[1][{value} // 1000 % 900]}}"
    PRECISE_MOMENT = (
        "{{(_q := {helper}[{value} // 900000])[0]}}{{_q[1][{value} // 1000 % 900]}}{{_q[2][{value} % 1000]}}"
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """What is written of one of the sources of a row, with a text in front."""

    source: str
    form: Form
    helper: Any = None
    before: str = ""


def weave(pieces: Sequence[Piece], sources: Sequence[str]) -> Weave:
    """Return what writes each row, which holds the `sources` in that order, as one text with commas in between. What is
    small in a case is given by its marks."""
    pieces = list(_merge(pieces))
    if not all(_HARMLESS.fullmatch(piece.before) for piece in pieces):
        raise ValueError
    values = {source: f"_v{place}" for place, source in enumerate(sources)}
    helpers = {f"_h{place}": piece.helper for place, piece in enumerate(pieces)}
    line = ",".join(
        piece.before
        + piece.form.format(value="_m" if piece.source == MARKS else values[piece.source], helper=f"_h{place}")
        for place, piece in enumerate(pieces)
    )
    small = f" for _m in ({values[MARKS]} & {SMALL},)" if MARKS in values else ""
    code = f"def _weave(rows): return [f'{line}' for ({', '.join(values.values())},) in rows{small}]"
    exec(code, helpers)  # noqa: S102 (of own forms and places only)
    woven: Weave = helpers["_weave"]
    return woven


def _merge(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the pieces, those that stand side by side and go by the marks of a case as one that is looked up once."""
    for small, group in groupby(pieces, lambda piece: piece.source == MARKS and piece.form is Form.LOOKED_UP):
        together = tuple(group)
        if not small or len(together) == 1:
            yield from together
        else:
            yield Piece(MARKS, Form.LOOKED_UP, Cells(partial(_look_up, together)))


def _look_up(pieces: Sequence[Piece], marks: int) -> str:
    return ",".join(piece.before + piece.helper[marks] for piece in pieces)
