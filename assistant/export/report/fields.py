"""The list of what the template of the monthly report can say, for a bank that writes its own:

python -m assistant.export.report.fields docs/exports.md
"""

from __future__ import annotations

import sys
from pathlib import Path

from assistant.export.documents.fields import BEGIN, write_classes
from assistant.export.report.facts import MonthlyReport


def write_page(page: str) -> str:
    """Return the page with the list in the place of the one it has."""
    return page.partition(BEGIN)[0] + f"{BEGIN}\n\n" + "\n".join(write_classes(MonthlyReport)) + "\n"


def main(path: Path) -> None:
    """Write the list into the page."""
    path.write_text(write_page(path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
