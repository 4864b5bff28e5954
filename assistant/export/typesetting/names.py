"""Holds the names in a template against the facts it is for: a slip is found before the rare case that prints it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from types import UnionType
from typing import Any, Final, TypeAlias, Union, get_args, get_origin, get_type_hints

from jinja2 import nodes

Shape: TypeAlias = Any
"""A type of facts, or None for what nothing is known of."""
_MEMBER: Final = frozenset({"first", "last"})


def find_unknown(tree: nodes.Template, kind: type[Any]) -> Iterator[tuple[str, int]]:
    """Yield each name in a template that facts of that dataclass cannot have, and its line."""
    reader = _Reader()
    reader.visit(tree, dict(_list_shapes(kind)))
    yield from reader.unknown


@dataclass(slots=True)
class _Reader:
    unknown: list[tuple[str, int]] = field(default_factory=list)

    def visit(self, node: nodes.Node, known: dict[str, Shape]) -> None:
        match node:
            case nodes.For():
                inner = known | {"loop": None}
                self.bind(node.target, _find_member(self.find_shape(node.iter, known)), inner)
                for part in (*node.body, *([node.test] if node.test else [])):
                    self.visit(part, inner)
                for part in node.else_:
                    self.visit(part, known)
            case nodes.Assign():
                self.bind(node.target, self.find_shape(node.node, known), known)
            case nodes.Expr():
                self.find_shape(node, known)
            case _:
                for child in node.iter_child_nodes():
                    self.visit(child, known)

    def bind(self, target: nodes.Node, shape: Shape, known: dict[str, Shape]) -> None:
        for name in target.find_all(nodes.Name):
            known[name.name] = None
        if isinstance(target, nodes.Name):
            known[target.name] = shape

    def find_shape(self, node: nodes.Node, known: dict[str, Shape]) -> Shape:
        """Return the type of an expression, as far as it follows from the facts."""
        match node:
            case nodes.Name():
                if node.name not in known:
                    self.unknown.append((node.name, node.lineno))
                return known.get(node.name)
            case nodes.Getattr():
                return self.find_field(node, self.find_shape(node.node, known))
            case nodes.Filter() if node.node is not None:
                shape = self.find_shape(node.node, known)
                return _find_member(shape) if node.name in _MEMBER else None
            case _:
                for child in node.iter_child_nodes():
                    self.find_shape(child, known)
                return None

    def find_field(self, node: nodes.Getattr, shape: Shape) -> Shape:
        if isinstance(shape, type) and is_dataclass(shape):
            shapes = dict(_list_shapes(shape))
            if node.attr not in shapes:
                self.unknown.append((node.attr, node.lineno))
            return shapes.get(node.attr)
        if shape in (str, bool, int):
            self.unknown.append((node.attr, node.lineno))
        return None


def _list_shapes(kind: type[Any]) -> Iterator[tuple[str, Shape]]:
    try:
        hints = get_type_hints(kind)
    except NameError:
        # Imported for the checker of types only: then the names are known, and not what they stand for.
        hints = {}
    for part in fields(kind):
        yield part.name, _plain(hints.get(part.name))
    for base in kind.__mro__:
        yield from ((name, None) for name, part in vars(base).items() if isinstance(part, property))


def _plain(hint: Any) -> Shape:
    """Return a type without its None."""
    if get_origin(hint) in (Union, UnionType):
        kinds = [kind for kind in get_args(hint) if kind is not type(None)]
        return kinds[0] if len(kinds) == 1 else None
    return hint


def _find_member(shape: Shape) -> Shape:
    """Return the type of what is in a list."""
    origin: Any = get_origin(shape)
    return _plain(get_args(shape)[0]) if origin in (tuple, list) else None
