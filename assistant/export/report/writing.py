"""Puts the figures of a month into the words of its report, each beside the one of the month before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

from assistant.export.report.bars import draw_bar
from assistant.export.report.facts import (
    Compared,
    Day,
    GroupRow,
    MonthlyReport,
    NotableRow,
    RuleRow,
    StepRow,
    TimeRow,
    Week,
)
from assistant.export.report.words import WORDS
from assistant.figures.words import FigureWriter, write_seconds
from assistant.plain.times import find_moment
from rules.language import Catalogue

if TYPE_CHECKING:
    from datetime import date

    from assistant.export.report.gathering import Material
    from assistant.export.report.notable import Notable
    from assistant.export.stamp import Stamp
    from assistant.figures.report import Figures, Group, RuleFigures, Spread, StepFigures
    from rules.language import Language
    from rules.model import Book

_CASE: Final = Catalogue("assistant.case")
Write: TypeAlias = Callable[[int | None], str]
_MINUS: Final = "−"
_SAME: Final = "0"
_BAR: Final = 5
"""Characters, as the column has room for them."""
_LONG_BAR: Final = 12
_DAY_BAR: Final = 2
_LONG_RUN: Final = 3
"""Hours on end without a case that say no more than that there was none."""
_MANY: Final = 12
"""Steps or rules that are read one by one; of more, those of one case only are left out, but for overridden ones."""
_OF_STOPS: Final = frozenset({"false_time", "ordinary_time"})
_NOTHING: Final = {"cases": 0, "at_risk_fen": 0, "protected_fen": 0, "lost_fen": 0}


def write_report(
    material: Material, book: Book, language: Language, stamp: Stamp, bank: str | None, *, preview: bool = False
) -> MonthlyReport:
    """Return what the report says, made by whom and when `stamp` tells."""
    return _Writing(material, FigureWriter(book, language), language).write(stamp, bank, preview=preview)


class _Writing:
    def __init__(self, material: Material, writer: FigureWriter, language: Language) -> None:
        self._material = material
        self._now = material.figures
        self._before = material.before
        self._writer = writer
        self._language = language

    def write(self, stamp: Stamp, bank: str | None, *, preview: bool) -> MonthlyReport:
        month, figures = self._material.month, self._now
        hours, steps, rules = self._find_hours(), self._find_steps(), self._find_rules()
        return MonthlyReport(
            outlet=stamp.outlet,
            outlet_name=stamp.outlet_name,
            bank=bank,
            month=month.read(self._language),
            before=month.before.read(self._language),
            since=month.first.isoformat(),
            until=month.last.isoformat(),
            made_at=stamp.when,
            made_by=stamp.by,
            running=month.running,
            any_cases=figures.cases > 0,
            any_before=self._before.cases > 0,
            cases=self._count(figures.cases),
            open=self._count(figures.open),
            at_risk=self._writer.amount(figures.amounts.at_risk_fen),
            protected=self._writer.amount(figures.amounts.protected_fen),
            lost=self._writer.amount(figures.amounts.lost_fen),
            any_interval=self._has_interval(rules),
            summary=tuple(self._summary()),
            levels=self._groups("level"),
            outcomes=self._groups("outcome"),
            typologies=self._groups("typology"),
            outlets=self._groups("outlet") if len(figures.by_outlet) > 1 else (),
            hours=tuple(
                self._group("hour", figures.by_hour[hour], figures.by_hour, self._before.by_hour) for hour in hours
            ),
            hours_left_out=self._count_left(len(hours), hours[-1] - hours[0] + 1 if hours else 0),
            weeks=tuple(self._weeks()),
            speed=tuple(self._times("to_first_step", "to_police")),
            customers=tuple(self._times("false_time", "ordinary_time")),
            stops=self._stops(),
            false_share=self._writer.share(figures.stops.false_share),
            released_alone=self._count(figures.stops.released_alone),
            overridden_cases=self._count(figures.overridden_cases),
            steps=tuple(map(self._step, steps)),
            steps_left_out=self._count_left(len(steps), len(figures.steps)),
            rules=tuple(map(self._rule, rules)),
            rules_left_out=self._count_left(len(rules), len(figures.rules)),
            notable=tuple(map(self._notable, self._material.notable)),
            rulebook=self._writer.book.meta.version,
            up_to=self._count(figures.up_to),
            checkpoint="" if preview else stamp.checkpoint,
        )

    def _say(self, key: str, **details: object) -> str:
        return WORDS(key, self._language, **details)

    def _count(self, number: int) -> str:
        return f"{number:,}"

    def _count_left(self, shown: int, among: int) -> str:
        return self._count(among - shown) if among > shown else ""

    def _has_interval(self, rules: Iterable[RuleFigures]) -> bool:
        shares = (self._now.stops.false_share, self._before.stops.false_share, *(rule.right for rule in rules))
        return any(share.low is not None for share in shares)

    def _summary(self) -> Iterator[Compared]:
        now, before = self._now, self._before
        yield self._compare_counts("cases", now.cases, before.cases)
        yield self._compare_counts("open", now.open, before.open)
        for name in ("at_risk", "protected", "lost"):
            yield self._compare_amounts(name, *(getattr(each.amounts, f"{name}_fen") for each in (now, before)))
        for name, field in (("stops", "cases"), ("confirmed",) * 2, ("false_stops", "false"), ("unknown",) * 2):
            yield self._compare_counts(name, *(getattr(each.stops, field) for each in (now, before)))
        share, earlier = (self._writer.share(each.stops.false_share) for each in (now, before))
        yield Compared(self._say("figure.false_share"), share, earlier, "")
        yield self._compare_counts("alone", now.stops.released_alone, before.stops.released_alone)
        yield self._compare_counts("overridden", now.overridden_cases, before.overridden_cases)
        for name in ("to_first_step", "to_police", "false_time", "ordinary_time"):
            medians = [_find_spread(each, name).median_seconds for each in (now, before)]
            yield self._compare(name, medians, write_seconds)

    def _compare_counts(self, name: str, now: int, before: int) -> Compared:
        return self._compare(name, (now, before), lambda value: self._count(value or 0))

    def _compare_amounts(self, name: str, now: int, before: int) -> Compared:
        return self._compare(name, (now, before), lambda value: self._writer.amount(value or 0))

    def _compare(self, name: str, values: Sequence[int | None], write: Write) -> Compared:
        now, before = values
        change = ""
        if now is not None and before is not None:
            sign = "+" if now > before else _MINUS
            change = sign + write(abs(now - before)) if now != before else _SAME
        return Compared(self._say(f"figure.{name}"), write(now), write(before), change)

    def _groups(self, kind: str) -> tuple[GroupRow, ...]:
        groups: Sequence[Group] = getattr(self._now, f"by_{kind}")
        before: Sequence[Group] = getattr(self._before, f"by_{kind}")
        known = {group.key for group in groups}
        gone = [group for group in before if group.cases and group.key not in known]
        shown = [group for group in groups if group.cases or _find_cases(before, group.key)]
        shown += [group.model_copy(update=_NOTHING) for group in gone]
        # What has no name stands last, as in the figures themselves.
        return tuple(self._group(kind, group, groups, before) for group in sorted(shown, key=lambda one: not one.key))

    def _group(self, kind: str, group: Group, groups: Iterable[Group], before: Iterable[Group]) -> GroupRow:
        return GroupRow(
            name=self._writer.name_group(kind, group.key),
            cases=self._count(group.cases),
            before=self._count(_find_cases(before, group.key)),
            bar=draw_bar(
                group.cases, max((each.cases for each in groups), default=0), _LONG_BAR if kind == "hour" else _BAR
            ),
            at_risk=_write_yuan(group.at_risk_fen),
            protected=_write_yuan(group.protected_fen),
            lost=_write_yuan(group.lost_fen),
        )

    def _find_hours(self) -> tuple[int, ...]:
        """Return the hours from the first with a case in either month to the last, without the long runs of empty
        ones."""
        groups, before = self._now.by_hour, self._before.by_hour
        busy = [place for place, group in enumerate(groups) if group.cases or before[place].cases]
        found = busy[:1]
        for last, hour in pairwise(busy):
            found += [hour] if hour - last > _LONG_RUN else range(last + 1, hour + 1)
        return tuple(found)

    def _find_steps(self) -> tuple[StepFigures, ...]:
        steps = tuple(step for step in self._now.steps if step.advised)
        if len(steps) <= _MANY:
            return steps
        return tuple(step for step in steps if step.advised > 1 or step.overridden)

    def _find_rules(self) -> tuple[RuleFigures, ...]:
        rules = tuple(self._now.rules)
        if len(rules) <= _MANY:
            return rules
        return tuple(rule for rule in rules if rule.fired > 1 or rule.overridden)

    def _weeks(self) -> Iterator[Week]:
        counted = {group.key: group.cases for group in self._now.by_day}
        most = max(counted.values(), default=0)

        def write(day: date | None) -> Day:
            if day is None:
                return Day("", "", "")
            cases = counted.get(day.isoformat(), 0)
            return Day(str(day.day), self._count(cases), draw_bar(cases, most, _DAY_BAR))

        for week in self._material.month.weeks():
            yield Week(tuple(map(write, week)))

    def _times(self, *names: str) -> Iterator[TimeRow]:
        for name in names:
            spread, before = _find_spread(self._now, name), _find_spread(self._before, name)
            yield TimeRow(
                name=self._say(f"time.{name}"),
                cases=self._count(spread.cases),
                median=write_seconds(spread.median_seconds),
                p90=write_seconds(spread.p90_seconds),
                total=write_seconds(spread.total_seconds),
                before=write_seconds(before.median_seconds),
            )

    def _stops(self) -> str:
        stops = self._now.stops
        counts = {"confirmed": stops.confirmed, "false": stops.false, "unknown": stops.unknown}
        return self._writer.write("stops.counted", cases=stops.cases, **counts)

    def _step(self, step: StepFigures) -> StepRow:
        return StepRow(
            name=self._writer.name_step(step.step),
            advised=self._count(step.advised),
            done=self._count(step.done),
            overridden=self._count(sum(step.overridden.values())),
            set_aside=self._writer.reasons(step.set_aside),
        )

    def _rule(self, rule: RuleFigures) -> RuleRow:
        return RuleRow(
            name=rule.rule,
            reason=self._writer.name_rule(rule.rule),
            fired=self._count(rule.fired),
            confirmed=self._count(rule.confirmed),
            refuted=self._count(rule.refuted),
            unknown=self._count(rule.unknown),
            overridden=self._count(sum(rule.overridden.values())),
            right=self._writer.share(rule.right),
        )

    def _notable(self, notable: Notable) -> NotableRow:
        row = notable.row
        return NotableRow(
            number=row.number,
            opened=f"{find_moment(row.opened_at, self._now.zone):%m-%d %H:%M}",
            level=self._writer.name_group("level", notable.level.value),
            outcome=self._writer.name_group("outcome", row.outcome or ""),
            amount=_write_yuan(row.amount_fen),
            lost=_write_yuan(row.lost_fen or 0),
            why=self._writer.write("comma").join(self._name_sort(sort.value) for sort in notable.sorts),
        )

    def _name_sort(self, sort: str) -> str:
        key = f"trait.{sort}"
        return _CASE(key, self._language) if key in _CASE else self._say(f"sort.{sort}")


def _write_yuan(fen: int) -> str:
    """Return an amount without its unit, which stands in the head of its column."""
    yuan, rest = divmod(fen, 100)
    return f"{yuan:,}.{rest:02}"


def _find_spread(figures: Figures, name: str) -> Spread:
    spread: Spread = getattr(figures.stops if name in _OF_STOPS else figures, name)
    return spread


def _find_cases(groups: Iterable[Group], key: str) -> int:
    return next((group.cases for group in groups if group.key == key), 0)
