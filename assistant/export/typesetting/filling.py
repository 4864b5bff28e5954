"""Fills a template with facts so that no fact can be taken for a part of the template.

Jinja writes an opaque mark in the place of each value; the values follow beside the text and are put in when it has
been read as Markdown. A template has no more of Jinja than it needs: what can loop or grow without end, call or reach
into anything, is refused before it runs.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import lru_cache
from types import CodeType, TracebackType
from typing import TYPE_CHECKING, Any, Final, NoReturn

from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined, UndefinedError, nodes, pass_context
from jinja2 import Template as Program
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from assistant.export.typesetting.faults import TemplateUnsound
from assistant.export.typesetting.names import find_unknown

if TYPE_CHECKING:
    from assistant.export.typesetting.templates import Template

OPENING: Final = "\ue000"
CLOSING: Final = "\ue001"
MARK: Final = re.compile(f"{OPENING}([0-9]+){CLOSING}")
PRIVATE: Final = re.compile("[\ue000-\uf8ff]")
ROUNDS: Final = 100_000
"""Of all loops of a template together."""

LONGEST: Final = 20_000_000
"""Characters that a template itself puts together or repeats, all of them."""
_MARK_COST: Final = 16

_FILTERS: Final = ("first", "join", "last", "length")
_TESTS: Final = ("none",)
_OF_LOOPS: Final = frozenset({"first", "index", "last", "length"})
_ALLOWED: Final = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.For, nodes.If, nodes.Assign),
    *(nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Const, nodes.Tuple, nodes.List, nodes.Filter, nodes.Test),
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr, nodes.Concat),
)
_TAG: Final = r"(?:\{%(?:[^%]|%(?!\}))*%\}|\{#(?:[^#]|#(?!\}))*#\})"
_TAGS_ALONE: Final = re.compile(rf"[ \t]*{_TAG}(?:[ \t]*{_TAG})*[ \t]*")
_TAG_LAST: Final = re.compile(r"(?<![-+])([%#]\})[ \t]*$")
_STATE: Final = "_filling"


@dataclass(frozen=True, slots=True)
class Filled:
    """A template's text with marks in it, and for each mark its value and the template's line that prints it."""

    text: str
    values: tuple[str | None, ...]
    lines: tuple[int, ...]


def fill_template(template: Template, facts: object) -> Filled:
    """Return the template filled with the fields of `facts`. Raises TemplateUnsound.

    `facts` is a dataclass or a mapping of texts, numbers, truths, None, and lists and dataclasses of such.
    """
    state = _Filling(template)
    known = _list_facts(facts)
    kind: Any = type(facts)
    if is_dataclass(facts):
        _check_names(template, kind)
    program = Program.from_code(_SANDBOX, _compile(template), {})
    try:
        text = program.render({**known, _STATE: state})
    except UndefinedError as error:
        # A name that was worked out is a value, and values are in no error.
        name = error.message if error.message in _list_written(template) else "…"
        state.fail(_find_line(error.__traceback__, template), "name", name=name)
    except _TooLong:
        state.fail(_find_line(sys.exc_info()[2], template), "long", limit=LONGEST)
    except (TypeError, ValueError, LookupError, ArithmeticError) as error:
        state.fail(_find_line(error.__traceback__, template), "failed", reason=type(error).__name__)
    return Filled(text, tuple(state.values), tuple(state.lines))


class _TooLong(Exception):
    """A template writes or puts together more than LONGEST characters."""


@dataclass(slots=True)
class _Filling:
    """One template that is being filled."""

    template: Template
    values: list[str | None] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    rounds: int = 0
    made: int = 0
    """Characters that were put together, written by loops, or printed."""

    def fail(self, line: int, problem: str, **details: object) -> NoReturn:
        raise TemplateUnsound.at(self.template.path, line, problem, **details) from None

    def put(self, value: object, line: int) -> str:
        """Return what stands for a value; a truth is the inside of a box to tick."""
        if isinstance(value, Undefined):
            # Fails with its name.
            str(value)
        if isinstance(value, bool):
            return "x" if value else " "
        if not isinstance(value, str | int | None):
            self.fail(line, "not_text")
        self.values.append(None if value is None else str(value))
        self.lines.append(line)
        return f"{OPENING}{len(self.values) - 1}{CLOSING}"

    def count(self, length: int) -> None:
        """Count characters, before there are so many that they fill the memory."""
        self.made += length
        if self.made > LONGEST:
            raise _TooLong

    def enter(self, rows: object, line: int, weight: int) -> object:
        """Return what a loop goes over, after the count of its rounds, each of which writes `weight` characters."""
        if isinstance(rows, Undefined):
            len(rows)
        if not isinstance(rows, tuple):
            self.fail(line, "not_list")
        self.rounds += len(rows) + 1
        if self.rounds > ROUNDS:
            self.fail(line, "endless", limit=ROUNDS)
        self.count(weight * len(rows))
        return rows


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of a dataclass and its properties, or the entries of a mapping, and nothing else of it."""

    known: Mapping[str, object]


class _Unknown(StrictUndefined):
    """A name that there is not; what is said of it is the name."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        return str(self._undefined_name)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Reaches fields and items of facts, and what a loop says of itself."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, LoopContext) and attribute in _OF_LOOPS:
            return getattr(obj, attribute)
        if isinstance(obj, _Fields):
            return obj.known.get(attribute, self.undefined(obj=obj, name=attribute))
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, tuple) and isinstance(argument, int) and -len(obj) <= argument < len(obj):
            return obj[argument]
        return self.getattr(obj, str(argument))


@pass_context
def _put(context: Context, value: object, line: int) -> str:
    filling: _Filling = context[_STATE]
    return filling.put(value, line)


@pass_context
def _enter(context: Context, rows: object, line: int, weight: int) -> object:
    filling: _Filling = context[_STATE]
    return filling.enter(rows, line, weight)


@pass_context
def _join(context: Context, parts: object, between: object = "") -> str:
    """Return texts as one, which is counted before it is made."""
    filling: _Filling = context[_STATE]
    if not isinstance(parts, tuple):
        raise TypeError
    texts = list(map(_say, parts))
    seam = _say(between)
    filling.count(sum(map(len, texts)) + len(seam) * len(texts))
    return seam.join(texts)


def _list(parts: tuple[object, ...]) -> tuple[object, ...]:
    """Return a list that a template writes; one of lists could double with every line."""
    if any(isinstance(part, tuple) for part in parts):
        raise TypeError
    return parts


def _say(part: object) -> str:
    if isinstance(part, tuple | _Fields):
        raise TypeError
    return str(part)


_OWN: Final = {"put_": _put, "enter_": _enter, "join": _join, "list_": _list}


def _make_sandbox() -> _Sandbox:
    sandbox = _Sandbox(undefined=_Unknown, trim_blocks=True, lstrip_blocks=True, autoescape=False)
    sandbox.globals.clear()
    sandbox.filters = {name: sandbox.filters[name] for name in _FILTERS} | _OWN
    sandbox.tests = {name: sandbox.tests[name] for name in _TESTS}
    return sandbox


_SANDBOX: Final = _make_sandbox()


@lru_cache(maxsize=64)
def _compile(template: Template) -> CodeType:
    """Return the program of a template. Raises TemplateUnsound."""
    tree = _parse(template)
    _guard(tree)
    _mark(tree)
    try:
        return _SANDBOX.compile(tree, template.name, str(template.path))
    except (RecursionError, SyntaxError):
        raise TemplateUnsound.at(template.path, 1, "deep") from None


@lru_cache(maxsize=64)
def _check_names(template: Template, kind: Any) -> None:
    """Raise TemplateUnsound for the first name that facts of that kind do not have, printed or not."""
    for name, line in find_unknown(_parse(template), kind):
        raise TemplateUnsound.at(template.path, line, "name", name=name)


def _parse(template: Template) -> nodes.Template:
    source = "\n".join(map(_keep_line_end, template.source.split("\n")))
    try:
        tree = _SANDBOX.parse(source, template.name, str(template.path))
        _check(tree, template)
    except TemplateSyntaxError as error:
        raise TemplateUnsound.at(template.path, error.lineno, "syntax", reason=error.message or "") from None
    except RecursionError:
        raise TemplateUnsound.at(template.path, 1, "deep") from None
    return tree


def _keep_line_end(line: str) -> str:
    """Return a line of a template; only tags that stand alone in their line take the line's end with them."""
    return line if _TAGS_ALONE.fullmatch(line) else _TAG_LAST.sub(r"+\1", line)


def _check(tree: nodes.Template, template: Template) -> None:
    for node in _walk(tree):
        if not isinstance(node, _ALLOWED) or (isinstance(node, nodes.For) and node.recursive):
            raise TemplateUnsound.at(template.path, node.lineno, "construct", name=type(node).__name__.lower())
        if isinstance(node, nodes.Name) and node.name.startswith("_"):
            raise TemplateUnsound.at(template.path, node.lineno, "name", name=node.name)
        for kind, known, problem in ((nodes.Filter, _FILTERS, "filter"), (nodes.Test, _TESTS, "test")):
            if isinstance(node, kind) and node.name not in known:
                raise TemplateUnsound.at(template.path, node.lineno, problem, name=node.name, known=", ".join(known))


def _mark(tree: nodes.Template) -> None:
    for output in tree.find_all(nodes.Output):
        output.nodes = [
            part if isinstance(part, nodes.TemplateData) else _filter(part, "put_", part.lineno, part.lineno)
            for part in output.nodes
        ]
    for loop in tree.find_all(nodes.For):
        loop.iter = _filter(loop.iter, "enter_", loop.lineno, loop.lineno, _weigh(loop))


def _guard(node: nodes.Node) -> None:
    """Put what counts in the place of what puts texts and lists together."""
    for name, value in list(node.iter_fields()):
        if isinstance(value, nodes.Node):
            _guard(value)
            setattr(node, name, _replace(value))
        elif isinstance(value, list):
            for part in value:
                if isinstance(part, nodes.Node):
                    _guard(part)
            setattr(node, name, [_replace(part) for part in value])


def _replace(node: Any) -> Any:
    if isinstance(node, nodes.Concat):
        return _filter(nodes.Tuple(node.nodes, "load", lineno=node.lineno), "join", node.lineno)
    if isinstance(node, nodes.List) or (isinstance(node, nodes.Tuple) and node.ctx == "load"):
        return _filter(nodes.Tuple(node.items, "load", lineno=node.lineno), "list_", node.lineno)
    return node


def _weigh(loop: nodes.For) -> int:
    """Return how many characters a round writes, with a mark for each value."""
    data = sum(len(part.data) for part in loop.find_all(nodes.TemplateData))
    return data + _MARK_COST * sum(len(output.nodes) for output in loop.find_all(nodes.Output))


def _filter(node: Any, name: str, line: int, *given: object) -> nodes.Filter:
    return nodes.Filter(node, name, list(map(nodes.Const, given)), [], None, None, lineno=line)


@lru_cache(maxsize=64)
def _list_written(template: Template) -> frozenset[str]:
    """Return the names that a template says itself."""
    found = set()
    for node in _walk(_parse(template)):
        match node:
            case (
                nodes.Name(name=str(name))
                | nodes.Getattr(attr=str(name))
                | nodes.Getitem(arg=nodes.Const(value=str(name)))
            ):
                found.add(name)
    return frozenset(found)


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    for child in node.iter_child_nodes():
        yield child
        yield from _walk(child)


def _find_line(trace: TracebackType | None, template: Template) -> int:
    line = 1
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(template.path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _list_facts(facts: Any) -> dict[str, object]:
    found = facts if isinstance(facts, Mapping) else {name: getattr(facts, name) for name in _list_names(type(facts))}
    return {name: _wrap(value) for name, value in found.items()}


def _list_names(kind: type[Any]) -> tuple[str, ...]:
    """Return the names of a dataclass's fields and properties."""
    properties = (name for base in kind.__mro__ for name, part in vars(base).items() if isinstance(part, property))
    return tuple(name for name in (*(part.name for part in fields(kind)), *properties) if name[0] != "_")


def _wrap(value: Any) -> object:
    """Return a fact as a template sees it. Raises TypeError for what is no fact, which is a mistake of the program."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, list | tuple):
        return tuple(map(_wrap, value))
    if isinstance(value, Mapping) or is_dataclass(value):
        return _Fields(_list_facts(value))
    raise TypeError(type(value).__name__)
