"""The figures counted a second time, from the table of events alone and by nothing that the program is made of.

    python tests/figures/recount.py cases.db rules/book/advice.yaml [--since DAY] [--until DAY] [--teller NUMBER]

prints what `assistant stats --json` has to print, to the last digit.
"""

from __future__ import annotations

import argparse
import json
import math
import sqlite3
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

LEVELS = ["proceed", "ask", "hold", "police"]
OUTCOMES = ["intercepted", "partly_intercepted", "not_intercepted", "cleared", "passed_to_police", "left", "unresolved"]
RIGHT = {"intercepted", "partly_intercepted", "not_intercepted", "passed_to_police"}
AGAINST = {"does_not_fit", "supervisor_decided"}
GIVEN = {
    "requested",
    "answered",
    "age_noted",
    "account_answered",
    "money_recorded",
    "money_removed",
    "cleared",
    "clearing_withdrawn",
    "question_asked",
    "step_recorded",
}
SLIP = 30_000
AROUND = ("staff", "outlet", "rulebook", "retention", "export")
MONEY = ("at_risk", "protected", "lost")
Meant = Callable[[dict[str, Any], str], bool]
"""Tells whether a step of a case is meant."""


def read_cases(path: str) -> tuple[dict[str, list[dict[str, Any]]], dict[str, Any], int]:
    """Return the events of every case, what the file says of its outlet, and the number of the last event."""
    raw = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    cases: dict[str, list[dict[str, Any]]] = {}
    last = 0
    for seq, name, subject, at, actor, kind, body in raw.execute(
        "SELECT seq, id, case_id, at, actor, kind, body FROM events ORDER BY seq"
    ):
        last = seq
        if subject not in AROUND and ":" not in subject:
            event = {"id": name, "at": at, "actor": actor, "kind": kind, "body": json.loads(body)}
            cases.setdefault(subject, []).append(event)
    code, zone = raw.execute("SELECT outlet_code, zone FROM meta").fetchone()
    raw.close()
    return cases, {"code": code, "zone": zone}, last


def names_slip(events: list[dict[str, Any]]) -> dict[str, int]:
    """Return the answers that were undone in half a minute, by what and where."""
    where: dict[str, dict[str, Any]] = {}
    undone: dict[str, int] = {}
    for place, event in enumerate(events):
        body = event["body"]
        question = {"answered": body.get("sign"), "account_answered": body.get("fact")}.get(event["kind"])
        topic = f"{event['kind']}/{question}" if question else event["id"]
        earlier = where.get(body["event"] if event["kind"] == "taken_back" else topic)
        if earlier and 0 <= event["at"] - earlier["at"] <= SLIP:
            undone[earlier["id"]] = place
        if event["kind"] in GIVEN:
            where[event["id"]] = where[topic] = event
    return undone


def highest_level(events: list[dict[str, Any]]) -> str:
    """Return the highest level that was advised while the latest answer was none that was undone at once."""
    undone = names_slip(events)
    level, highest = 0, 0
    answers: list[str] = []
    for place, event in enumerate(events):
        if event["kind"] == "advised":
            level = LEVELS.index(event["body"]["level"])
        if event["kind"] == "taken_back":
            answers = [answer for answer in answers if answer != event["body"]["event"]]
        if event["kind"] in GIVEN:
            answers.append(event["id"])
        following = events[place + 1]["kind"] if place + 1 < len(events) else ""
        slipped = bool(answers) and place < undone.get(answers[-1], 0)
        if following != "advised" and not slipped:
            highest = max(highest, level)
    return LEVELS[highest]


def rules_in(body: dict[str, Any]) -> set[str]:
    """Return the rules that advice names."""
    return set(body.get("rules", []))


def steps_in(body: dict[str, Any]) -> set[str]:
    """Return the steps that advice names."""
    return {step["id"] for step in body.get("steps", [])}


def of(events: list[dict[str, Any]], *kinds: str) -> list[dict[str, Any]]:
    """Return the events of these kinds."""
    return [event for event in events if event["kind"] in kinds]


def names_held(events: list[dict[str, Any]], names_in: Callable[[dict[str, Any]], set[str]]) -> set[str]:
    """Return the names that advice held for half a minute, or until a closing, or until the end."""
    stretches: list[tuple[str, int, int]] = []
    begun: dict[str, int] = {}
    for event in [*events, {"kind": "end", "at": 0, "body": {}}]:
        if event["kind"] in ("closed", "end"):
            stretches += [(name, 0, SLIP) for name in begun]
        elif event["kind"] == "advised":
            now = names_in(event["body"])
            for name in [name for name in begun if name not in now]:
                stretches.append((name, begun.pop(name), event["at"]))
            for name in now:
                begun.setdefault(name, event["at"])
    return {name for name, begin, end in stretches if end - begin >= SLIP}


def rules_before(events: list[dict[str, Any]], record: dict[str, Any]) -> list[str]:
    """Return the rules of the advice on the screen when a step was recorded."""
    rules: list[str] = []
    for event in events:
        if event is record:
            return rules
        if event["kind"] == "advised":
            rules = event["body"].get("rules", [])
    raise AssertionError(record)


def look_at(events: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what is counted of one case."""
    back = {event["body"]["event"] for event in events if event["kind"] == "taken_back"}
    kept = [event for event in events if event["id"] not in back]
    ends = of(kept, "closed", "reopened")
    closed = ends[-1]["body"] if ends and ends[-1]["kind"] == "closed" else None
    flags = [event["at"] for event in of(kept, "answered") if event["body"].get("value") == "yes"]
    done = [event for event in of(kept, "step_recorded") if event["body"]["outcome"] == "done"]
    since = [event for event in done if flags and event["at"] >= flags[0]]
    calls = [event for event in since if event["body"]["step"] == "call_110"]
    records = {event["body"]["step"]: event for event in of(kept, "step_recorded")}
    starts = [kept[0]["at"], *(event["at"] for event in of(kept, "reopened"))]
    stays = [max(0, end["at"] - start) for start, end in zip(starts, of(kept, "closed"), strict=False)]
    advice = of(kept, "advised")
    return {
        "number": events[0]["body"]["number"],
        "at": events[0]["at"],
        "actor": events[0]["actor"],
        "level": highest_level(events),
        "typology": (advice[-1]["body"].get("typologies") or [""])[0] if advice else "",
        "outcome": closed["outcome"] if closed else "",
        "money": [closed[name] if closed else 0 for name in MONEY],
        "first_step": (since[0]["at"] - flags[0]) // 1000 if since else None,
        "police": (calls[0]["at"] - flags[0]) // 1000 if calls else None,
        "stay": sum(stays) // 1000 if closed else None,
        "rules": names_held(kept, rules_in),
        "advised": names_held(kept, steps_in),
        "records": records,
        "holding": {step: rules_before(kept, record) for step, record in records.items()},
        "alone": any(e["body"].get("alone") and e["body"]["matter"] == "release" for e in of(kept, "authorised")),
    }


def group(cases: list[dict[str, Any]], key: str) -> dict[str, Any]:
    """Return one group of cases as it is printed."""
    money = {f"{name}_fen": sum(case["money"][place] for case in cases) for place, name in enumerate(MONEY)}
    return {**money, "key": key, "cases": len(cases)}


def groups(cases: list[dict[str, Any]], kind: str, keys: list[str] | None = None) -> list[dict[str, Any]]:
    """Return the groups of those keys, or of all there are."""
    found = sorted({case[kind] for case in cases}) if keys is None else keys
    return [group([case for case in cases if case[kind] == key], key) for key in found]


def spread(lengths: list[int | None]) -> dict[str, Any]:
    """Return how long something took."""
    known = sorted(length for length in lengths if length is not None)
    ranks = {"median_seconds": 50, "p90_seconds": 90}
    told = {name: known[math.ceil(len(known) * part / 100) - 1] if known else None for name, part in ranks.items()}
    return {"cases": len(known), "total_seconds": sum(known), **told}


def share(part: int, whole: int) -> dict[str, Any]:
    """Return a share with Wilson's interval: the roots of (p - x)^2 = z^2 p (1 - p) / n."""
    told: dict[str, Any] = {"part": part, "whole": whole, "low": None, "high": None, "too_few": whole < 20}
    if whole >= 20:
        z, x = 1.959963984540054, part / whole
        a, b, c = 1 + z * z / whole, -(2 * x + z * z / whole), x * x
        root = math.sqrt(max(0.0, b * b - 4 * a * c))
        told["low"], told["high"] = (round(min(1, max(0, (-b + sign * root) / (2 * a))), 4) for sign in (-1, 1))
    return told


def is_right(case: dict[str, Any]) -> bool | None:
    """Return whether the ending says that the suspicion was right."""
    return True if case["outcome"] in RIGHT else False if case["outcome"] == "cleared" else None


def reasons(cases: list[dict[str, Any]], meant: Meant, *, against: bool) -> dict[str, int]:
    """Return how often a step was not done, by reason; or only where that was a decision `against` the advice."""
    counted: Counter[str] = Counter()
    for case in cases:
        for step, record in case["records"].items():
            reason, done = record["body"].get("reason"), record["body"]["outcome"] == "done"
            if meant(case, step) and (reason in AGAINST if against else reason and not done):
                counted[reason] += 1
    return dict(sorted(counted.items()))


def rule_figures(cases: list[dict[str, Any]], advises: dict[str, list[str]]) -> list[dict[str, Any]]:
    """Return what is counted of every rule."""
    found = []
    for rule in {*advises, *(rule for case in cases for rule in case["rules"])}:
        if rule.split(".")[0] not in ("level", "typology", "finding", "step"):
            continue

        def meant(case: dict[str, Any], step: str, rule: str = rule) -> bool:
            return rule in case["holding"][step] and step in advises.get(rule, [])

        ends = [is_right(case) for case in cases if rule in case["rules"]]
        overridden = reasons(cases, meant, against=True)
        counts = {"confirmed": ends.count(True), "refuted": ends.count(False), "unknown": ends.count(None)}
        right = share(ends.count(True), ends.count(True) + ends.count(False))
        if ends or overridden:
            found.append({"rule": rule, "fired": len(ends), **counts, "right": right, "overridden": overridden})
    return sorted(found, key=lambda told: (-told["fired"], told["rule"]))


def step_figures(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what is counted of every step."""
    found = []
    for step in {name for case in cases for name in (*case["advised"], *case["records"])}:

        def meant(case: dict[str, Any], name: str, step: str = step) -> bool:
            return name == step

        records = [case["records"][step]["body"] for case in cases if step in case["records"]]
        told = {
            "step": step,
            "advised": sum(step in case["advised"] for case in cases),
            "done": sum(record["outcome"] == "done" for record in records),
            "set_aside": reasons(cases, meant, against=False),
            "overridden": reasons(cases, meant, against=True),
        }
        if any(told[name] for name in ("advised", "done", "set_aside", "overridden")):
            found.append(told)
    return sorted(found, key=lambda told: (-sum(told["overridden"].values()), -told["advised"], told["step"]))


def stop_figures(ended: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what is counted of the visits that ended, by whether anything was stopped in them."""
    stopped = [case for case in ended if case["level"] in ("hold", "police")]
    false = [case for case in stopped if is_right(case) is False]
    right = sum(is_right(case) is True for case in stopped)
    return {
        "cases": len(stopped),
        "confirmed": right,
        "false": len(false),
        "unknown": len(stopped) - right - len(false),
        "false_share": share(len(false), right + len(false)),
        "released_alone": sum(case["alone"] for case in false),
        "false_time": spread([case["stay"] for case in false]),
        "ordinary_time": spread([case["stay"] for case in ended if case["level"] in ("proceed", "ask")]),
    }


def choose(
    cases: list[dict[str, Any]], zone: ZoneInfo, since: str | None, until: str | None, teller: str
) -> list[dict[str, Any]]:
    """Return the cases opened in those days, by that teller if one is named, each with its day, hour and outlet."""
    chosen = []
    for case in cases:
        moment = datetime.fromtimestamp(case["at"] / 1000, zone)
        case |= {"day": f"{moment:%Y-%m-%d}", "hour": f"{moment:%H}", "outlet": case["number"].split("-")[0]}
        if (since or "") <= case["day"] <= (until or "9999") and teller in ("", case["actor"]):
            chosen.append(case)
    return chosen


def recount(
    path: str, advises: dict[str, list[str]], since: str | None = None, until: str | None = None, teller: str = ""
) -> dict[str, Any]:
    """Return the figures of the cases opened in those days, by that teller if one is named."""
    stories, outlet, last = read_cases(path)
    cases = choose([look_at(events) for events in stories.values()], ZoneInfo(outlet["zone"]), since, until, teller)
    ended = [case for case in cases if case["outcome"]]
    whole = group(cases, "")
    return {
        "outlet": outlet["code"],
        "zone": outlet["zone"],
        "since": since,
        "until": until,
        "teller": teller or None,
        "up_to": last,
        "cases": len(cases),
        "open": len(cases) - len(ended),
        "amounts": {f"{name}_fen": whole[f"{name}_fen"] for name in MONEY},
        "by_level": groups(cases, "level", LEVELS[::-1]),
        "by_typology": sorted(groups(cases, "typology"), key=lambda one: (one["key"] == "", -one["cases"], one["key"])),
        "by_outcome": groups(cases, "outcome", [*OUTCOMES, ""]),
        "by_hour": groups(cases, "hour", [f"{hour:02}" for hour in range(24)]),
        "by_day": groups(cases, "day"),
        "by_outlet": groups(cases, "outlet"),
        "to_first_step": spread([case["first_step"] for case in cases]),
        "to_police": spread([case["police"] for case in cases]),
        "stops": stop_figures(ended),
        "overridden_cases": sum(
            any(record["body"].get("reason") in AGAINST for record in case["records"].values()) for case in cases
        ),
        "steps": step_figures(cases),
        "rules": rule_figures(cases, advises),
    }


def read_advises(path: str) -> dict[str, list[str]]:
    """Return which steps each rule of a rulebook advises, from its file."""
    import yaml

    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        return {f"step.{name}": rule["advises"] for name, rule in yaml.safe_load(file)["step_rules"].items()}


def is_day(text: str) -> str:
    """Return `text`, which must be a day."""
    assert (date.fromisoformat(text) + timedelta(0)).isoformat() == text
    return text


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path")
    parser.add_argument("advice")
    parser.add_argument("--since", type=is_day)
    parser.add_argument("--until", type=is_day)
    parser.add_argument("--teller", default="")
    given = parser.parse_args()
    print(json.dumps(recount(given.path, read_advises(given.advice), given.since, given.until, given.teller)))
