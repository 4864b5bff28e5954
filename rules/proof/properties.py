"""The safety properties kept beside a rulebook in `properties.yaml`: an officer adds one without code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from typing import Annotated, Final, TypeAlias

from pydantic import PlainValidator, model_validator
from pydantic_core import PydanticCustomError

from rules.check import Misfit, check_atom, find_unknown
from rules.conditions import atoms
from rules.language import Text
from rules.loading import PROPERTIES, built_in, read_entries
from rules.model import Basis, Book, Entry, RuleId
from rules.proof.statements import Every, Fails, Only, Statement, parts_of, read_statement, steps_of

SECTION: Final = "properties"

Claim: TypeAlias = Annotated[Statement, PlainValidator(read_statement)]


class Property(Entry):
    """What must be so for every visit: `always` or `never` something, or that a further yes never lowers the level.

    `whenever` says of which visits it speaks; of all when it is left out.
    """

    name: Text
    basis: Basis
    whenever: Claim | None = None
    always: Claim | None = None
    never: Claim | None = None
    monotone: bool = False

    @model_validator(mode="after")
    def _claims_one_thing(self) -> Property:
        if sum((self.always is not None, self.never is not None, self.monotone)) != 1:
            raise PydanticCustomError("property_form", "exactly one of always, never, monotone")
        return self

    @property
    def breach(self) -> Statement:
        """What is true of a visit that breaks the property; of a monotone one, the visits of which it speaks."""
        claims = (self.whenever, Fails(self.always) if self.always is not None else None, self.never)
        return Every(tuple(claim for claim in claims if claim is not None))


class _File(Entry):
    properties: Mapping[RuleId, Property]


def read_properties(book: Book, folder: Traversable | None = None) -> Mapping[str, Property] | None:
    """Return the properties in `folder` (by default those of the built-in rulebook), None when it keeps none.

    Raises RulebookUnsound where the file cannot be used or names what `book` has not.
    """
    file = (folder or built_in()).joinpath(PROPERTIES)
    return parse_properties(book, file.read_text("utf-8-sig")) if file.is_file() else None


def parse_properties(book: Book, text: str) -> Mapping[str, Property]:
    """Return the properties that `text` says; raises as `read_properties` does."""
    return read_entries({PROPERTIES: text}, _File, lambda file: _find_misfits(book, file.properties)).properties


def _find_misfits(book: Book, properties: Mapping[str, Property]) -> Iterator[Misfit]:
    for name, prop in properties.items():
        for field in ("whenever", "always", "never"):
            claim: Statement | None = getattr(prop, field)
            for part in parts_of(claim) if claim is not None else ():
                yield from _check_part(book, (SECTION, name, field), part)
        if not isinstance(prop.basis, str):
            for citation in prop.basis:
                yield from find_unknown((SECTION, name, "basis"), citation.source, book.sources, "source")


def _check_part(book: Book, path: tuple[str | int, ...], part: Statement) -> Iterator[Misfit]:
    for step in steps_of(part):
        yield from find_unknown(path, step, book.steps, "step")
    if isinstance(part, Only):
        for sign in sorted(part.signs):
            yield from find_unknown(path, sign, book.signs, "sign")
    elif not steps_of(part):
        for atom in atoms(part):  # type: ignore[arg-type]
            yield from check_atom(book, path, atom)
