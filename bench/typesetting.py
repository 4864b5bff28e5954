"""What a page costs beside bare Typst laying out the same blocks: `python -m bench.typesetting [PAGES]`.

The yardstick is Typst with the same look, font and data, which were made beforehand, and no standard of PDF to keep to.
First comes what the first page of a process costs, then many pages after each other, each with other facts.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, Final

import typst

from assistant.export.typesetting.filling import fill_template
from assistant.export.typesetting.font import find_font
from assistant.export.typesetting.paper import LOOK, describe_page
from assistant.export.typesetting.reading import read_blocks
from assistant.export.typesetting.templates import Template
from assistant.export.typesetting.typesetting import LOOKS, Form, Marks, typeset
from rules.language import Language

PAGES: Final = 200
LIMIT: Final = 1.5
FIRST: Final = """
import time
begun = time.perf_counter()
from bench.typesetting import make
make(0, {form!r})
print(time.perf_counter() - begun)
"""
TEMPLATE: Final = """
# 案件摘要 {{ number }}

| | |
|---|---|
| 客户 | {{ name }} |
| 联系电话 | {{ phone }} |

> **注意：**以下均为疑似，以公安机关认定为准。

| 时间 | 谁 | 内容 |
|---|---|------|
{% for row in rows %}
| {{ row.at }} | {{ row.by }} | {{ row.text }} |
{% endfor %}

{% for step in steps %}
- [{{ step.done }}] {{ step.name }}
{% endfor %}
"""
PAGE: Final = Template("bench", Language.ZH, Path("bench.zh.md"), TEMPLATE)
MARKS: Final = Marks(footer="1001 · 2026-12-01 10:30:00 · EX1-0", language=Language.ZH, at=1_796_120_000_000)


def find_facts(number: int) -> dict[str, Any]:
    """Return the facts of an invented case, in which other characters stand than in the next one."""
    name = chr(0x4E00 + number * 37 % 20_000) + chr(0x4E00 + number * 91 % 20_000)
    asked = f"客户{name}称接到自称“公安机关”的电话，要求将资金转入“安全账户”；第{number}次询问。"
    rows = [{"at": f"2026-12-01 10:{row:02}:05", "by": "1001", "text": asked} for row in range(15)]
    return {
        "number": f"20261201-{number:04}",
        "name": f"王{name}",
        "phone": None,
        "rows": rows,
        "steps": [{"name": "核对收款人", "done": True}, {"name": "联系家属", "done": False}],
    }


def make(number: int, form: str) -> bytes:
    """Return the page of a case."""
    return typeset(PAGE, find_facts(number), Form(form), MARKS).content


def describe(number: int) -> str:
    """Return what Typst is given for the page of a case."""
    filled = fill_template(PAGE, find_facts(number))
    return describe_page(read_blocks(PAGE, filled), MARKS, "案件摘要")[0]


def make_bare(data: list[str]) -> Callable[[int], object]:
    """Return a function that has bare Typst make a page."""
    look = LOOKS / LOOK
    fonts = typst.Fonts(False, False, [str(find_font().parent)])
    compiler = typst.Compiler(str(look), str(LOOKS), fonts, ignore_system_fonts=True)
    return lambda number: compiler.compile(format="pdf", sys_inputs={"page": data[number]}, timestamp=0)


def main() -> None:
    """Print what was measured, in milliseconds of one page; the ratio is of processor time."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    for form in Form:
        first = subprocess.run(
            [sys.executable, "-c", FIRST.format(form=form.value)], capture_output=True, text=True, check=True
        )
        print(f"first {form.value:4} {1000 * float(first.stdout):8.1f} ms, with all that is imported")
    # Of other cases: Typst remembers what it has laid out.
    bare = make_bare([describe(number) for number in range(count, 2 * count)])
    ways: dict[str, Callable[[int], object]] = {"bare typst": bare} | {
        form.value: lambda number, form=form: make(number, form.value) for form in Form
    }
    spent: dict[str, list[float]] = {way: [] for way in ways}
    for number in range(count):
        # By turns, so that a busy moment of the machine falls on all of them alike.
        for way, run in ways.items():
            begun = time.process_time()
            run(number)
            spent[way].append(1000 * (time.process_time() - begun))
    yardstick = median(spent["bare typst"][1:])
    for way, times in spent.items():
        print(f"{way:10} {median(times[1:]):8.2f} ms  x{median(times[1:]) / yardstick:.2f}")
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")
    if median(spent["pdf"][1:]) > LIMIT * yardstick:
        sys.exit(f"a page costs more than {LIMIT} times what bare typst takes")


if __name__ == "__main__":
    main()
