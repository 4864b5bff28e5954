"""The first thing the eye finds: how far to go, the one next action, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.widget import Widget

from rules.facts import Level
from ui.breaking import break_text
from ui.widgets.rows import fit

NARROW_BELOW_COLUMNS = 100
TALL_FROM_ROWS = 24
"""The least screen on which a wordy headline may take one line more from what is below it."""


@dataclass(frozen=True, slots=True)
class Headline:
    """What the banner says: the level in words, the action as a verb, who does it, and the lines below."""

    level: Level
    word: str
    action: str
    owner: str
    below: tuple[str, ...]
    quiet: bool = False
    """Whether the colour, too, keeps the level to itself."""
    wordy: bool = False
    """Whether it is written in letters, which take about twice the room of Chinese."""


class Banner(Widget):
    """Level and next action, in the colour of the level; the words alone tell all of it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"banner--action"}
    DEFAULT_CSS = """
    Banner {
        height: auto;
        color: $text;
        &.-proceed { background: $success-muted; & .banner--action { background: $success; } }
        &.-ask { background: $primary-muted; & .banner--action { background: $primary; } }
        &.-hold { background: $warning-muted; & .banner--action { background: $warning; } }
        &.-police { background: $error-muted; & .banner--action { background: $error; } }
        &.-quiet { background: $panel; & .banner--action { background: $primary; } }
        & .banner--action { color: $text; text-style: bold; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._headline: Headline | None = None
        self._lines = 1

    def show(self, headline: Headline, *, rows: int) -> None:
        """Show the headline in `rows` lines, a wordy one on a narrow screen in one more, whatever it says."""
        size = self.app.size
        rows += headline.wordy and size.width < NARROW_BELOW_COLUMNS and size.height >= TALL_FROM_ROWS
        if (headline, rows) == (self._headline, self._lines):
            return
        self.set_classes("-quiet" if headline.quiet else f"-{headline.level}")
        self._headline, self._lines = headline, rows
        self.styles.height = rows
        self.refresh()

    def render(self) -> Text:
        headline, width = self._headline, self.content_size.width
        if headline is None:
            return Text()
        style = self.get_component_rich_style("banner--action")
        level, owner = f" {headline.word} ", f" {headline.owner} " if headline.owner else " "
        room, below = width - cell_len(level), headline.below
        if cell_len(headline.action) + 1 + cell_len(owner) > room:
            # Who does it stands before the words below, so that the action is read whole.
            below = (f"{headline.owner}  {below[0]}" if below else headline.owner, *below[1:])
            owner = " "
        first, *others = break_text(headline.action, room - 2)
        if self._lines <= len(others) + 1:
            first, others = headline.action, []
        lines = [
            Text.assemble((level, style + Style(reverse=True)), (fit(f" {first}", room - cell_len(owner)), style)),
            *(Text(fit(f"{' ' * (cell_len(level) + 3)}{line}", width), style) for line in others),
        ]
        lines[0].append(owner, style)
        return Text("\n", no_wrap=True).join([*lines, *_fold(below, width, self._lines - len(lines))])


def _fold(below: tuple[str, ...], width: int, room: int) -> list[Text]:
    """Return the texts below the action in at most `room` lines; the last for which there is any may be cut."""
    lines: list[str] = []
    for text in below:
        folded, left = break_text(text, width - 1), room - len(lines)
        if len(folded) > left > 0:
            folded = [*folded[: left - 1], fit(f"{folded[left - 1]}…", width - 1)]
        lines += folded[:left]
    return [Text(f" {line}") for line in lines]
