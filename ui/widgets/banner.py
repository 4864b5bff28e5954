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


@dataclass(frozen=True, slots=True)
class Headline:
    """What the banner says: the level in words, the action as a verb, who does it, and up to two lines below."""

    level: Level
    word: str
    action: str
    owner: str
    below: tuple[str, ...]
    quiet: bool = False
    """Whether the colour, too, keeps the level to itself."""


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
        """Show the headline in exactly `rows` lines, so that nothing below it ever moves."""
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
        action = self.get_component_rich_style("banner--action")
        level, owner = f" {headline.word} ", f"{headline.owner} "
        room = width - cell_len(level) - cell_len(owner) - 1
        first = Text.assemble(
            (level, action + Style(reverse=True)), (fit(f" {headline.action}", room), action), (f" {owner}", action)
        )
        return Text("\n", no_wrap=True).join([first, *self._wrap(headline.below, width)])

    def _wrap(self, below: tuple[str, ...], width: int) -> list[Text]:
        """Return the lines below the action: the first text whole, over as many lines as it needs, then what fits."""
        room = self._lines - 1
        lines: list[Text] = []
        for number, text in enumerate(below):
            left = room - len(lines)
            if left <= 0:
                break
            most = left if number == 0 else 1
            folded = break_text(text, width - 1)
            if len(folded) > most:
                folded = [*folded[: most - 1], fit(f"{folded[most - 1]}…", width - 1)]
            lines += [Text(f" {line}") for line in folded]
        return lines
