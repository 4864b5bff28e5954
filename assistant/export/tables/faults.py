"""What can be wrong with a table that is asked for; nothing is exported then."""

from __future__ import annotations

from typing import ClassVar

from assistant.export.tables.words import TABLE_WORDS
from rules.errors import BadInput, Trouble
from rules.language import Catalogue


class TableWrong(BadInput):
    """The table cannot be made as it was asked for."""

    catalogue: ClassVar[Catalogue] = TABLE_WORDS


class ColumnUnknown(TableWrong):
    """`word` is no column; `hint` names what is near, if anything is."""

    code = "column_unknown"


class ColumnTwice(TableWrong):
    """The column `word` is named twice."""

    code = "column_twice"


class NothingToReveal(TableWrong):
    """A reason was given to show in full what the table has no column for."""

    code = "nothing_to_reveal"


class OptionIdle(TableWrong):
    """The option `option` changes nothing in a table of the form `form`."""

    code = "option_idle"


class OutletElsewhere(TableWrong):
    """The cases of `asked` are not in this file, but those of `outlet`."""

    code = "outlet_elsewhere"


class TooManyInFull(TableWrong):
    """More than `most` cases fit: too many to leave with what is about persons in full."""

    code = "too_many_in_full"


class ParquetMissing(Trouble):
    """The package that writes Parquet is not installed."""

    catalogue: ClassVar[Catalogue] = TABLE_WORDS
    code = "parquet_missing"
