"""Every command of the page below, found by its name in Chinese, pinyin or English as one types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from rules.language import Text
from ui.actions import PALETTE, Action
from ui.finding import Findable, find
from ui.screens.popup import Popup
from ui.widgets.rows import Cell, Row, Rows
from ui.wording import SCREEN, Wording

MOST_LINES = 14


class PaletteScreen(Popup[str | None]):
    """Returns the action that was chosen, as Textual writes actions, or None."""

    DEFAULT_CSS = """
    PaletteScreen {
        align: center middle;
        & > Vertical { width: 60; max-width: 98%; height: auto; max-height: 98%; background: $panel; padding: 1 2; }
        & Rows { height: auto; background: $panel; }
        & .rows--cursor-blurred { background: $block-cursor-background; color: $block-cursor-foreground; }
        & .title { text-style: bold; }
        & .hint { color: $text-muted; }
        & Input, & Input:focus { margin: 0; border: none; height: 1; padding: 0; background: $surface; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+p", "dismiss(None)", show=False),
        Binding("up", "go(-1)", show=False, priority=True),
        Binding("down", "go(1)", show=False, priority=True),
        Binding("pageup", "page(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False, priority=True),
    ]

    def __init__(self, actions: Iterable[Action]) -> None:
        super().__init__()
        self._actions = {action.name: action for action in reversed(list_commands(actions))}

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(classes="title", markup=False)
            yield Input(max_length=40)
            yield Rows()
            yield Static(id="none", markup=False)
            yield Static(classes="hint", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False
        self.query_one(Input).focus()
        self.query_one(Rows).can_focus = False

    def redraw(self) -> None:
        for part, text in ((".title", "palette.title"), ("#none", "palette.none"), (".hint", "palette.hint")):
            self.query_one(part, Static).update(self.wording.say(text))
        self._search(self.query_one(Input).value, self.query_one(Rows).key)

    def is_hasty(self) -> bool:
        # What was typed was typed here: the Enter behind it is meant.
        return super().is_hasty() and not any(line.value for line in self.query(Input))

    def _search(self, query: str, chosen: str | None = None) -> None:
        order = list(reversed(self._actions))
        things = (Findable(name, name_of(self._actions[name]), place) for place, name in enumerate(order))
        found = find(query, things)
        rows = self.query_one(Rows)
        rows.display = bool(found)
        self.query_one("#none", Static).display = not found
        rows.styles.max_height = max(min(MOST_LINES, self.app.size.height - 8), 1)
        rows.show(map(self._row, found), key=chosen if chosen in found else next(iter(found), None))

    def _row(self, name: str) -> Row:
        action = self._actions[name]
        return Row(name, (Cell(name_in(action, self.wording)), Cell(action.hint, 8, "muted")))

    @on(Input.Changed)
    def search(self, event: Input.Changed) -> None:
        """Show what fits what is typed so far."""
        event.stop()
        self._search(event.value)

    @on(Input.Submitted)
    def take(self, event: Input.Submitted) -> None:
        """Enter takes the command under the cursor."""
        event.stop()
        if self.query_one("#none", Static).display:
            return
        self.dismiss(self.query_one(Rows).key)

    @on(Rows.Chosen)
    def take_row(self, event: Rows.Chosen) -> None:
        """A click on the line under the cursor takes it too."""
        event.stop()
        self.dismiss(event.key)

    def action_go(self, step: int) -> None:
        """Move the cursor, while the line keeps the keys."""
        self.query_one(Rows).action_move(step)

    def action_page(self, direction: int) -> None:
        """Move the cursor by a page."""
        self.query_one(Rows).action_page(direction)


def list_commands(actions: Iterable[Action]) -> list[Action]:
    """Return the actions that are commands of their own, each once: a digit that stands for a line is none."""
    return list({action.name: action for action in _with_hints_first(actions)}.values())


def _with_hints_first(actions: Iterable[Action]) -> Iterator[Action]:
    seen: set[str] = set()
    for action in actions:
        if action.word != "take" and action.name not in seen and action is not PALETTE:
            seen.add(action.name)
            yield action


def name_in(action: Action, wording: Wording) -> str:
    """Return what a command is called in the language and on the face of the screen that are on."""
    full = f"palette.command.{action.word}"
    # A full name without a quiet one may tell an onlooker too much; those in the line of keys are all quiet.
    telling = wording.quiet and f"quiet.{full}" not in SCREEN
    return wording.say(full if full in SCREEN and not telling else f"key.{action.word}")


def name_of(action: Action) -> Text:
    """Return what a command is called: in full where the catalogue has it so, else as in the line of keys."""
    full = f"palette.command.{action.word}"
    return SCREEN.text(full if full in SCREEN else f"key.{action.word}")
