"""The styles of one test for the next: a page that looks as one before it is not matched against every rule anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from textual.css.model import RuleSet
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

Key = tuple[object, ...]
FLAGS: Final = ("_has_hover_style", "_has_focus_within", "_has_order_style", "_has_odd_or_even")
"""What Textual notes at a node of the rules that may concern it."""
_apply: Final = Stylesheet.apply
_parse: Final = Stylesheet._parse_rules


class Matched:
    """What the rules of one stylesheet came to, for each node that anything of what a selector asks for tells apart."""

    def __init__(self, rules: list[RuleSet]) -> None:
        asked = (selector for rule in rules for each in rule.selector_set for selector in each.selectors)
        self._states = sorted({name for selector in asked for name in selector.pseudo_classes})
        self._found: dict[Key, tuple[RulesMap, tuple[bool, ...]]] = {}
        self._above: tuple[DOMNode | None, Key] = (None, ())

    def apply(self, sheet: Stylesheet, node: DOMNode, *, animate: bool) -> None:
        """Give the node its styles, as Textual did with the first node of its kind in such a place."""
        key = self._name(node)
        found = self._found.get(key)
        if found is None:
            told: dict[tuple[Any, ...], RulesMap] = {}
            _apply(sheet, node, animate=animate, cache=told)
            # Textual tells nothing of a node whose styles depend on its neighbours.
            for rules in told.values():
                self._found[key] = rules, tuple(getattr(node, flag) for flag in FLAGS)
            return
        rules, flags = found
        for flag, value in zip(FLAGS, flags, strict=True):
            setattr(node, flag, value)
        sheet.replace_rules(node, rules, animate=animate)
        sheet._process_component_classes(node)

    def _name(self, node: DOMNode) -> Key:
        above, key = self._above
        if type(node) is DOMNode and node._parent is above:
            # Made only to have one style of the widget that was styled right before it.
            return *key, self._describe(node)
        key = tuple(self._describe(each) for each in node.css_path_nodes)
        self._above = node, key
        return key

    def _describe(self, node: DOMNode) -> Key:
        checks = node._PSEUDO_CLASSES
        states = tuple(checks[name](node) for name in self._states if name in checks)  # type: ignore[arg-type]
        return type(node), node._id, frozenset(node._classes), states


class Styles:
    """The stylesheets that were read in this process, and what each of them came to."""

    def __init__(self) -> None:
        self._read: dict[Key, list[RuleSet]] = {}
        """Kept, so that no two rules are ever called by the same number."""
        self._matched: dict[tuple[int, ...], Matched] = {}

    def parse(self, sheet: Stylesheet, *given: Any, **named: Any) -> list[RuleSet]:
        """Take the place of Textual's own: the same text with the same colours is read once."""
        key = (given, *named.items(), *sheet._variables.items())
        if key not in self._read:
            self._read[key] = _parse(sheet, *given, **named)
        return self._read[key]

    def apply(self, sheet: Stylesheet, node: DOMNode, *, animate: bool = False, cache: object = None) -> None:
        """Take the place of Textual's own, whose `cache` is forgotten after each look at a page."""
        self._find(sheet).apply(sheet, node, animate=animate)

    def _find(self, sheet: Stylesheet) -> Matched:
        rules = sheet.rules
        last: tuple[list[RuleSet], Matched] | None = sheet.__dict__.get("_matched")
        if last is None or last[0] is not rules:
            name = tuple(map(id, rules))
            if name not in self._matched:
                self._matched[name] = Matched(rules)
            last = rules, self._matched[name]
            sheet.__dict__["_matched"] = last
        return last[1]


@contextmanager
def shared() -> Iterator[None]:
    """Let every program that is opened meanwhile take over what another has found."""
    styles = Styles()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", lambda sheet, *given, **named: styles.parse(sheet, *given, **named))
        patch.setattr(Stylesheet, "apply", lambda sheet, node, **named: styles.apply(sheet, node, **named))
        yield
