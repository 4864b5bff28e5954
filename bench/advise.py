"""Times one piece of advice and its parts, beside yardsticks in the same run: `python -m bench.advise [ROUNDS]`.

The yardsticks are a twelve-line interpreter over the same conditions and a bare JSON round trip of the same facts. The
parts take turns, so that a busy moment of the machine falls on all of them alike.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from statistics import median, quantiles
from typing import Final, TypeAlias

from rules.advice import Adviser
from rules.conditions import AllOf, AmountFrom, AnyOf, Atom, Condition, Not, Points, PortionLike, Subject, atoms
from rules.facts import AgeBand, Answer, Facts, Known, MoneyState, PaidFrom, PayeeAt, Portion, Reply
from rules.loading import load_book

ROUNDS: Final = 2_000
TARGET_US: Final = 1_000

Part: TypeAlias = Callable[[], object]


def typical() -> Facts:
    """Return the visit that is timed: eight answers, money already gone and money about to go."""
    yes = dict.fromkeys(("official_caller", "secrecy", "unknown_payee"), Reply(Answer.YES))
    seen = dict.fromkeys(("on_phone", "distressed", "elderly"), Reply(Answer.YES, Known.SEEN))
    no = {"paid_before": Reply(Answer.NO), "screen_sharing": Reply(Answer.NO, Known.SEEN)}
    gone = Portion(MoneyState.CREDITED_RECENT, 200_000, 0, PaidFrom.HERE, PayeeAt.OTHER_BANK)
    money = (Portion(MoneyState.NOT_MOVED, 5_000_000), gone)
    return Facts(frozenset({"transfer"}), yes | seen | no, money, AgeBand.ELDER, now=1_000)


def interpret(condition: Condition, held: frozenset[Atom]) -> bool:
    """Evaluate a condition by plain recursion: the yardstick, which knows nothing of portions and amounts."""
    match condition:
        case AllOf(parts):
            return all(interpret(part, held) for part in parts)
        case AnyOf(parts):
            return any(interpret(part, held) for part in parts)
        case Not(part):
            return not interpret(part, held)
        case Points(least, weights):
            return sum(weight for atom, weight in weights if atom in held) >= least
        case PortionLike() | AmountFrom():
            return False
        case Atom():
            return condition in held


def parts_of(adviser: Adviser, facts: Facts) -> dict[str, Part]:
    """Return what is timed, by name; the last two are the yardsticks."""
    conditions = [clause.when for clause in adviser.reader.clauses.values()]
    held = frozenset(Atom(Subject.SIGN, sign) for sign, reply in facts.answers.items() if reply.yes)
    flat = {str(atom): atom in held for condition in conditions for atom in atoms(condition)}
    return {
        "engine": lambda: adviser.engine.read(facts),
        "reader": lambda: adviser.reader.read_scene(facts),
        "advise": lambda: adviser.advise(facts),
        "interpreter": lambda: [interpret(condition, held) for condition in conditions],
        "json round trip": lambda: json.loads(json.dumps(flat)),
    }


def measure(parts: dict[str, Part], rounds: int) -> dict[str, list[float]]:
    """Return the microseconds that each part took, in every round."""
    times: dict[str, list[float]] = {name: [] for name in parts}
    for number in range(rounds + rounds // 10):
        for name, part in parts.items():
            start = time.perf_counter_ns()
            part()
            if number >= rounds // 10:
                times[name].append((time.perf_counter_ns() - start) / 1_000)
    return times


def main(arguments: list[str]) -> int:
    """Print the table; return 0 when the whole advice keeps within its target, else 1."""
    rounds = int(arguments[0]) if arguments else ROUNDS
    adviser = Adviser(load_book())
    times = measure(parts_of(adviser, typical()), rounds)
    adviser.close()
    middle = {name: median(taken) for name, taken in times.items()}
    print(f"{'part':<16} {'median us':>10} {'p95 us':>10} {'x interpreter':>14} {'x json':>8}")
    for name, taken in times.items():
        p95 = quantiles(taken, n=20)[-1]
        against = middle[name] / middle["interpreter"], middle[name] / middle["json round trip"]
        print(f"{name:<16} {middle[name]:>10.0f} {p95:>10.0f} {against[0]:>14.2f} {against[1]:>8.2f}")
    print(f"advise <= {TARGET_US} us: {'yes' if middle['advise'] <= TARGET_US else 'NO'}")
    return 0 if middle["advise"] <= TARGET_US else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
