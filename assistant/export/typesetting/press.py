"""Sets a bank's own look in a process of its own, which ends in time, takes so much memory, and reaches nothing.

Started as a file with a task on its standard input, it knows nothing of the program: it gets the look as text, with a
folder that is empty, and from before that text is run it can open neither a file nor a connection.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Final

UNSOUND: Final = 3
"""The exit status when the look is at fault; the standard output then says how."""
STANDARD: Final = "a-2a"
"""For keeping and for screen readers: everything embedded, all text to be found, the structure marked."""


def set_look(task: dict[str, Any]) -> bytes:
    """Return the PDF of a task. Raises TypstError."""
    import typst

    root = task["root"]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[task["fonts"]])
    compiler = typst.Compiler(
        b"", root=root, font_paths=fonts, ignore_system_fonts=True, package_path=root, package_cache_path=root
    )
    source = task["source"]
    # A face is read when it is first used, and by then nothing can be opened any more.
    used = "\n\n".join(
        f'#text(font: "{name}", fallback: false)[a *a*]'
        for name in fonts.families()
        if name in source or name == task["family"]
    )
    compiler.compile(input=used.encode(), format="pdf", timestamp=0)
    _shut(task["memory"], task["seconds"])
    content = compiler.compile(
        input=source.encode(),
        format="pdf",
        sys_inputs={"page": task["data"]},
        pdf_standards=STANDARD,
        timestamp=task["at"],
    )
    assert isinstance(content, bytes)  # noqa: S101 (it does so for PDF)
    return content


def _shut(memory: int, seconds: int) -> None:
    """Take from this process what a look could do harm with; Windows knows no such limits."""
    if sys.platform == "win32":
        return
    import resource

    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def main() -> int:
    """Read the task, write the PDF or what is wrong with the look, and return the exit status."""
    import typst

    task = json.load(sys.stdin)
    try:
        answer, status = set_look(task), 0
    except typst.TypstError as error:
        told = {"message": error.message, "hints": error.hints, "where": [error.diagnostic, *error.trace]}
        answer, status = json.dumps(told).encode(), UNSOUND
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    return status


if __name__ == "__main__":
    sys.exit(main())
