"""What to say now: the words for the next step, and for a customer who is angry, silent or does not leave the phone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.cells import cell_len
from rich.text import Text as Drawn
from textual import events
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from assistant.sheet import Sheet
from rules.language import Text
from rules.model import Card
from ui.actions import Action
from ui.breaking import break_text
from ui.screens.page import BACK, HELP, LANGUAGE, Page
from ui.widgets.rows import CURSOR, fit
from ui.wording import Wording

GENERAL: Final = "general"
"""The card that serves while nothing is suspected, or no card speaks of what is."""
INDENT: Final = 4


@dataclass(frozen=True, slots=True)
class Words:
    """Words under a short heading, with the key that leads to them."""

    name: str
    key: str
    heading: str
    words: str


class WordsScreen(Page[None]):
    """Words to read out, one block of them chosen and whole; Enter or F9 turns the slip to the customer."""

    NAME = "words"
    CSS_PATH = "words.tcss"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        HELP,
        BACK,
        Action("turn", "f9,enter", "turn", "F9", rank=3),
        Action("choose('angry')", "1", "angry", "1", rank=4),
        Action("choose('silent')", "2", "silent", "2", rank=5),
        Action("choose('phone')", "3", "phone", "3", rank=6),
        Action("move(1)", "down", "next_words", "↓"),
        Action("move(-1)", "up", "words_before", "↑"),
        LANGUAGE,
    )

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self._sheet = sheet
        self._chosen = 0

    def body(self) -> Iterable[Widget]:
        yield Static(id="kind", markup=False)
        with VerticalScroll(can_focus=False):
            for number, _ in enumerate(self._words(self.wording)):
                yield Static(id=f"words-{number}", classes="words", markup=False)

    def redraw(self) -> None:
        super().redraw()
        wording, width = self.wording, max(self.size.width - 3, 1)
        card_of, _ = self._card()
        known = card_of in wording.book.typologies
        kind = wording.say("words.kind", typology=wording.typology(card_of)) if known else wording.say("words.general")
        self.query_one("#kind", Static).update(kind if self._words(wording) else wording.say("words.none"))
        folded = [self._fold(words.words, width) for words in self._words(wording)]
        room = self.query_one(VerticalScroll).size.height
        needed = sum(len(lines) + 2 for lines in folded) - 1
        short = needed > room
        self.set_class(needed + 2 <= room, "-roomy")
        for number, words in enumerate(self._words(wording)):
            lines, chosen = folded[number], number == self._chosen
            if short and not chosen and len(lines) > 1:
                lines = [fit(words.words, width - INDENT)]
            block = self.query_one(f"#words-{number}", Static)
            block.update(_draw(words, lines, chosen=chosen))
            block.set_class(chosen, "-chosen")

    def on_resize(self) -> None:
        if self.is_mounted:
            self.call_after_refresh(self.redraw)

    def on_click(self, event: events.Click) -> None:
        number = next((n for n, block in enumerate(self.query(".words")) if block is event.widget), None)
        if number is None:
            return
        if number == self._chosen and self._words(self.wording)[number].name == "slip":
            self.action_turn()
        self._choose(number)

    def action_choose(self, name: str) -> None:
        """Put the words for that customer first under the eye."""
        for number, words in enumerate(self._words(self.wording)):
            if words.name == name:
                self._choose(number)

    def action_move(self, step: int) -> None:
        """Go to the next words in that direction."""
        self._choose(self._chosen + step)

    def action_turn(self) -> None:
        """Fill the screen with the slip, to turn it to the customer."""
        from ui.screens.slip import SlipScreen

        slip = self._slip()
        if slip is None:
            self.notify(self.wording.say("slip.none"))
        else:
            self.app.push_screen(SlipScreen(slip, hashes=bool(getattr(self.app, "ascii", False))))

    def _choose(self, number: int) -> None:
        if 0 <= number < len(self.query(".words")):
            self._chosen = number
            self.redraw()
            self.query_one(f"#words-{number}").scroll_visible(animate=False)

    @staticmethod
    def _fold(words: str, width: int) -> list[str]:
        return break_text(words, width - INDENT)

    def _card(self) -> tuple[str, Card | None]:
        """Return the card for what is suspected most, and what it speaks of."""
        cards = self.counter.desk.book.cards
        suspected = [] if self.wording.quiet else [found.typology for found in self._sheet.advice.suspicions[:1]]
        name = next((name for name in suspected if name in cards), GENERAL)
        return name, cards.get(name)

    def _say(self) -> Text | None:
        """Return the words for the next step."""
        name = self._sheet.case.next_step
        step = self._sheet.step(name) if name else None
        return step.say if step else None

    def _slip(self) -> Text | None:
        card = self._card()[1]
        return card.slip if card else self._say()

    def _words(self, wording: Wording) -> tuple[Words, ...]:
        return tuple(self._list_words(wording))

    def _list_words(self, wording: Wording) -> Iterator[Words]:
        name, card = self._sheet.case.next_step, self._card()[1]
        say, slip = self._say(), self._slip()
        if name:
            now = wording.say("words.quoted", words=wording.read(say)) if say else wording.say("teller.silent")
            yield Words("now", "", wording.say("words.now", step=wording.step(name)), now)
        if card:
            moods = ("angry", card.angry), ("silent", card.silent), ("phone", card.phone)
            for number, (mood, text) in enumerate(moods, 1):
                quoted = wording.say("words.quoted", words=wording.read(text))
                yield Words(mood, str(number), wording.say(f"words.{mood}"), quoted)
        if slip:
            lines = " / ".join(wording.loud(slip).splitlines())
            yield Words("slip", "F9", wording.say("words.slip"), lines)


def _draw(words: Words, lines: list[str], *, chosen: bool) -> Drawn:
    """Return a block: its key and heading, and the words below; the chosen one with the mark of a cursor."""
    key = f"[{words.key}]" if words.key else ""
    gap = " " * max(INDENT - 1 - cell_len(key), 1) if key else ""
    drawn = Drawn(f"{CURSOR if chosen else ' '}{key}{gap}{words.heading}", "bold", no_wrap=True, overflow="ellipsis")
    for line in lines:
        drawn.append(f"\n{' ' * INDENT}{line}", "bold" if chosen else "not bold")
    return drawn
