"""A bank's own look is a program of somebody else: it runs apart from ours, and what it makes is held to the marks."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NoReturn

from assistant.export.typesetting import press
from assistant.export.typesetting.characters import read_value
from assistant.export.typesetting.faults import LookUnsound, TypesetterMissing
from assistant.export.typesetting.font import FAMILY, find_font
from assistant.export.typesetting.marks import Marks
from assistant.export.typesetting.templates import read_file
from assistant.export.typesetting.words import fill
from assistant.export.unfinished import undoing

LONGEST: Final = 200_000
"""Bytes of a look; ours has a twentieth of that."""
SECONDS: Final = 60
MEMORY: Final = 3 * 1024**3
"""Bytes of addresses, most of which are never touched: what 200 pages take, three times."""
_PACKAGE: Final = re.compile('"@')
_WHERE: Final = re.compile(r":(\d+):\d+")
KEPT: Final = ("HOME", "LD_LIBRARY_PATH", "PATH", "PYTHONPATH", "SYSTEMROOT", "TMPDIR")
"""Of the environment: what the interpreter needs to find its packages, and no way to anywhere."""
_SAID: Final = frozenset({"text", "code", "title", "known_by"})
"""What in a page is somebody's; the rest are kinds and measures."""
_LOST: Final = "a mark is not on page "
_HEAD: Final = (
    "#set document(title: json(bytes(sys.inputs.page)).title, keywords: json(bytes(sys.inputs.page)).known_by); "
)
_SEEN: Final = "#show {text}: it => [#it#metadata(none)<{name}>]; "
_FOOT: Final = """
#context for name in ({names}) {{
  let seen = query(label(name)).map(it => it.location().page())
  for sheet in range(1, counter(page).final().first() + 1) {{
    if sheet not in seen {{ panic("{lost}" + str(sheet)) }}
  }}
}}
"""


def read_look(path: Path) -> str:
    """Return the text of a look or a style. Raises TemplateUnread, and LookUnsound for what is no such text."""
    raw = read_file(path, LONGEST)
    if len(raw) > LONGEST:
        _refuse(path, "size", limit=LONGEST)
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        _refuse(path, "encoding")


def compile_apart(look: Path, data: str, marks: Marks) -> bytes:
    """Return the PDF that the look of a bank makes of a page. Raises LookUnsound, TemplateUnread, TypesetterMissing."""
    source = read_look(look)
    if found := _PACKAGE.search(source):
        _refuse(look, "package", line=source.count("\n", 0, found.start()) + 1)
    with TemporaryDirectory() as root:
        task = {
            "source": _hold(source, marks),
            "data": data,
            "at": max(marks.at // 1000, 0),
            "root": root,
            "fonts": str(find_font().parent),
            "family": FAMILY,
            "memory": MEMORY,
            "seconds": SECONDS,
        }
        done = _run(look, task)
        if done.returncode == press.UNSOUND and _LOST not in (told := json.loads(done.stdout))["message"]:
            # What is said may hold what stands on the page; said is what is wrong with a page that says nothing.
            again = _run(look, task | {"data": json.dumps(_empty(json.loads(data)))})
            _tell(look, told, json.loads(again.stdout) if again.returncode == press.UNSOUND else None)
    if done.returncode == press.UNSOUND:
        _refuse(look, "unmarked")
    if done.returncode:
        _refuse(look, "ended")
    if marks.known_by and f"<pdf:Keywords>{marks.known_by}</pdf:Keywords>".encode() not in done.stdout:
        _refuse(look, "unmarked")
    return done.stdout


def _hold(source: str, marks: Marks) -> str:
    """Return a look between what asks, at its end, on which pages the marks are; its lines keep their numbers."""
    number = marks.known_by if marks.known_by in marks.footer else ""
    wanted = {name: text for name, text in (("seen-", number), ("seen-over", _take_first(marks.watermark))) if text}
    if not wanted:
        return _HEAD + source
    shows = "".join(_SEEN.format(text=json.dumps(text, ensure_ascii=False), name=name) for name, text in wanted.items())
    names = "".join(f'"{name}", ' for name in wanted)
    return _HEAD + shows + source + _FOOT.format(names=names, lost=_LOST)


def _take_first(text: str) -> str:
    """Return the first run of a text that a look gets in one piece."""
    found = re.search(r"[^\W_]+", read_value(text)) if text else None
    return found[0] if found else ""


def _run(look: Path, task: dict[str, Any]) -> subprocess.CompletedProcess[bytes]:
    try:
        import typst  # noqa: F401 (only whether it is there)
    except ImportError:
        raise TypesetterMissing(problem="typst") from None
    words = [sys.executable, "-P", press.__file__]
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    pipe = subprocess.PIPE
    with (
        subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, env=kept) as process,  # noqa: S603 (our own)
        undoing(process.kill),
    ):
        try:
            said, _ = process.communicate(json.dumps(task).encode(), SECONDS)
        except subprocess.TimeoutExpired:
            _refuse(look, "endless", limit=SECONDS)
        finally:
            process.kill()
    return subprocess.CompletedProcess(words, process.returncode, said)


def _tell(look: Path, told: dict[str, Any], again: dict[str, Any] | None) -> NoReturn:
    if again is None or _LOST in again["message"]:
        found = _WHERE.search(" ".join(told["where"]))
        _refuse(look, "this_page", line=found[1] if found else "?")
    raise LookUnsound(path=look, problem=find_problem(again["message"], again["hints"], again["where"])) from None


def _empty(part: Any, name: str = "") -> Any:
    """Return a page with the same blocks and nothing in them."""
    match part:
        case dict():
            return {key: _empty(value, key) for key, value in part.items()}
        case list():
            return [_empty(value, name) for value in part]
        case str() if name in _SAID:
            return "…"
    return part


def find_problem(message: str, hints: Iterable[str], where: Iterable[str]) -> object:
    """Return what the typesetter says is wrong, with its line if it says one."""
    reason = " ".join((message, *hints))
    found = _WHERE.search(" ".join(where))
    return fill("problem_of_look.error", line=found[1], reason=reason) if found else reason


def _refuse(look: Path, problem: str, **details: object) -> NoReturn:
    raise LookUnsound(path=look, problem=fill(f"problem_of_look.{problem}", **details)) from None
