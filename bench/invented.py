"""Files with as many invented cases as are asked for, made by the store's own parts and kept between runs.

A case has some five events: it is opened, advised on, noted, and mostly closed; steps, persons, calls and reviews are
among them as they may be at a counter. A few thousand cases are made by the store itself; the others happen like one
of them, at a time of their own, with hashes, keys and seals of their own. Meanwhile the guards are lifted.
"""

from __future__ import annotations

import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, NamedTuple

from assistant.case.case import Case
from assistant.case.events import Draft, Event, EventKind, Outcome
from assistant.case.review import Standing
from assistant.case.summary import CaseSummary
from assistant.case.traits import REVIEWED, SAMPLE, Trait
from assistant.sealing.keyplaces import KEY_VARIABLE
from assistant.store import Outlet, Store, cases, journal, lookups, words
from assistant.store.chain import Link, hash_event, name_file
from assistant.store.keys import MasterKeys
from assistant.store.schema import REGISTER_INDEXES, TRIGGERS
from assistant.store.seals import Seals

OUTLET: Final = Outlet("0312", "示范网点")
KEY: Final = "YmVuY2ggb25seTogYW4gaW52ZW50ZWQga2V5ICEhISE="
FIRST: Final = 1_700_000_000_000
YEARS_MS: Final = 3 * 365 * 86_400_000
OPEN_NOW: Final = 40
"""The newest cases, which are not closed yet."""
FORM: Final = "1"
"""Of what is invented: files of another form are made anew."""
BATCH: Final = 2_000
MODELS: Final = 20_000
TELLERS: Final = tuple(str(number) for number in range(10001, 10025))
TYPOLOGIES: Final = (
    "official_impersonation",
    "investment",
    "task_rebate",
    "service_impersonation",
    "loan_or_credit",
    "romance",
    "account_takeover",
    "relative_or_boss",
    "mule",
    "elder_scheme",
    "shopping_or_game",
    "cash_or_gold_handover",
    "recovery",
    "prize_or_billing",
    "companion_control",
    "account_misuse",
)
"""The commonest first."""
COMMON: Final = ("安全账户", "转账", "客户", "公安", "核实", "劝阻")
RARE: Final = "量子鲲鹏"
"""Stands in one text of twenty thousand."""
_VOCABULARY: Final = 8_000
_FIRST_LEVEL: Final = 3_755
_WORDS_A_TEXT: Final = 9


def _decode(place: int) -> str:
    """Return one of the usual characters, as the national standard has them in its first level."""
    return bytes((0xB0 + place // 94, 0xA1 + place % 94)).decode("gb2312")


class Move(NamedTuple):
    """An event of a model: so many milliseconds after the opening, its body as stored, its texts with their salts."""

    after: int
    actor: str
    kind: str
    body: str
    texts: dict[str, bytes]


@dataclass(frozen=True)
class Model:
    """A case like which others happen."""

    moves: list[Move]
    number: str
    summary: CaseSummary
    grams: str
    noted: list[tuple[Any, ...]]


@dataclass
class Invention:
    """Draws what happens in one case after the other."""

    draw: random.Random
    count: int

    @cached_property
    def vocabulary(self) -> list[str]:
        """The words of the texts, the commonest first."""
        characters = [_decode(place) for place in range(_FIRST_LEVEL)]
        made = ["".join(self.draw.choices(characters, k=self.draw.choice((2, 2, 2, 3)))) for _ in range(_VOCABULARY)]
        return [*COMMON, *made]

    @cached_property
    def _weights(self) -> list[float]:
        return list(accumulate(1 / (rank + 2) for rank in range(_VOCABULARY + len(COMMON))))

    def write_text(self) -> str:
        """Return a text of some twenty characters."""
        text = "".join(self.draw.choices(self.vocabulary, cum_weights=self._weights, k=_WORDS_A_TEXT))
        return f"{text}{RARE}" if self.draw.random() < 1 / 20_000 else text

    def time(self, place: int) -> int:
        """Return when the case of that place is opened, UTC milliseconds."""
        return FIRST + YEARS_MS * place // self.count + self.draw.randrange(60_000)

    def tell(self, place: int) -> Iterator[tuple[EventKind, dict[str, Any], dict[str, str], str, int]]:
        """Yield kind, body, texts, actor and time (UTC milliseconds) of each event of the case of that place."""
        draw = self.draw
        at = self.time(place)
        teller = draw.choices(TELLERS, weights=range(len(TELLERS), 0, -1))[0]
        level = draw.choices(("proceed", "ask", "hold", "police"), weights=(50, 25, 17, 8))[0]
        held = level in ("hold", "police")
        many = 0 if level == "proceed" else draw.choice((1, 1, 2, 3))
        suspected = dict.fromkeys(draw.choices(TYPOLOGIES, weights=range(len(TYPOLOGIES), 0, -1), k=many))
        steps = [{"id": "call_110", "gates": True, "minutes": 30}] if held else []
        amount = int(draw.lognormvariate(13, 1.6))
        yield EventKind.OPENED, {"request": "transfer"}, {}, teller, at
        advised = {"rulebook": "1", "level": level, "typologies": [*suspected], "steps": steps}
        yield EventKind.ADVISED, advised, {}, teller, at + 30_000
        if draw.random() < 0.2:
            noted, phone = {"party": "customer", "field": "phone"}, write_phone(draw.randrange(200_000))
            yield (
                EventKind.PARTICULARS_NOTED,
                noted,
                {"value": phone},
                teller,
                at + 60_000,
            )
        if held and draw.random() < 0.01:
            yield EventKind.AUTHORISED, {"matter": "release", "alone": True}, {}, teller, at + 80_000
        if held:
            step = {"step": "call_110", "outcome": "done"}
            if draw.random() < 0.1:
                step |= {"outcome": "not_applicable", "reason": "does_not_fit"}
            late = 3_600_000 if draw.random() < 0.05 else 0
            yield EventKind.STEP_RECORDED, step, {"reference": self.write_text()}, teller, at + 90_000 + late
        yield EventKind.NOTED, {}, {"note": self.write_text()}, teller, at + 120_000
        if place >= self.count - OPEN_NOW or draw.random() < 0.0005:
            if draw.random() < 0.1:
                yield EventKind.SUPERVISOR_CALLED, {"wanted": "second_interview"}, {}, teller, at + 130_000
            return
        yield from self._close(place, amount, held, teller, at + 5_000_000)

    def _close(
        self, place: int, amount: int, held: bool, teller: str, at: int
    ) -> Iterator[tuple[EventKind, dict[str, Any], dict[str, str], str, int]]:
        draw = self.draw
        outcome = draw.choices(tuple(Outcome), weights=(8, 4, 2, 70, 3, 9, 4) if held else (1, 1, 1, 90, 0, 6, 1))[0]
        lost = amount // 3 if outcome in (Outcome.PARTLY_INTERCEPTED, Outcome.NOT_INTERCEPTED) else 0
        closed = {"outcome": outcome.value, "at_risk": amount, "protected": amount - lost, "lost": lost}
        yield EventKind.CLOSED, closed, {}, teller, at
        if (held or lost) and place < self.count * 0.999 and draw.random() < 0.9:
            yield EventKind.REVIEW_CLAIMED, {}, {}, "20011", at + 3_600_000
            judged = {"typology": "right", "level": "right", "steps": "right"}
            yield EventKind.REVIEW_APPROVED, judged, {}, "20011", at + 4_000_000


def write_phone(place: int) -> str:
    """Return the phone number of one of the invented customers."""
    return f"139{place:08}"


def find_file(count: int) -> Path:
    """Return the file with so many cases, which is made when it is not there yet."""
    os.environ[KEY_VARIABLE] = KEY
    made_by = sha256("".join((FORM, *REGISTER_INDEXES)).encode()).hexdigest()[:8]
    folder = Path(tempfile.gettempdir()) / "assistant-bench"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"cases-{count}-{made_by}.db"
    if not path.exists():
        partial = path.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        make_file(partial, count)
        partial.rename(path)
    return path


def make_file(path: Path, count: int) -> None:
    """Make a file with so many cases."""
    Store.create(path, OUTLET).close()
    start = time.monotonic()
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000"):
            raw.execute(f"PRAGMA {setting}")
        db_id, key_check = raw.execute("SELECT db_id, key_check FROM meta").fetchone()
        seals = Seals(lambda: MasterKeys().keyring.load(db_id, key_check))
        for name in TRIGGERS:
            raw.execute(f"DROP TRIGGER {name}")
        invention = Invention(random.Random(count), count)  # noqa: S311 (nothing here is secret)
        writer = Writer(raw, seals, db_id, invention)
        for first in range(0, count, BATCH):
            raw.execute("BEGIN")
            writer.put_cases(range(first, min(first + BATCH, count)))
            raw.execute("COMMIT")
            if first % 50_000 == 0:
                print(f"{first} of {count} cases, {time.monotonic() - start:.0f} s", file=sys.stderr)
        raw.execute("UPDATE words_mark SET seq = (SELECT max(seq) FROM events)")
        raw.execute("UPDATE tally SET events = (SELECT count(*) FROM events)")
        for trigger in TRIGGERS.values():
            raw.execute(trigger)


class Writer:
    """Writes cases into a file without guards, and all that the store derives from their events."""

    def __init__(self, raw: sqlite3.Connection, seals: Seals, db_id: str, invention: Invention) -> None:
        self._raw = raw
        self._seals = seals
        self._db_id, self._file = db_id, name_file(db_id)
        self._invention = invention
        self._head = journal.read_head(raw)
        self._models: list[Model] = []

    def put_cases(self, places: Iterable[int]) -> None:
        """Write the cases of these places, which follow the ones before."""
        for place in places:
            fresh = len(self._models) < MODELS or place >= self._invention.count - OPEN_NOW
            if fresh:
                self._put_fresh(place)
            else:
                self._put_alike(place, self._invention.draw.choice(self._models))

    def _put_fresh(self, place: int) -> None:
        case_id = f"019a0000-{place:012x}"
        history: list[Event] = []
        for turn, (kind, body, private, actor, at) in enumerate(self._invention.tell(place)):
            draft = Draft(f"{case_id}-{turn}", case_id, at, actor, kind, body, private)
            number = write_number(place, at) if turn == 0 else None
            event = journal.insert_event(self._raw, self._seals, self._db_id, self._head, draft, number)
            self._head = Link(event.seq, event.hash)
            lookups.note(self._raw, self._seals, event)
            history.append(event)
        summary = Case.of(history).summary()
        cases.put_summary(self._raw, summary)
        grams = words.write_grams(self._seals, words.read_texts(self._raw, self._seals, case_id))
        self._raw.execute(words.PUT, (summary.opened_seq, grams))
        if place < self._invention.count - OPEN_NOW:
            self._models.append(self._read_model(history, summary, grams))

    def _read_model(self, history: list[Event], summary: CaseSummary, grams: str) -> Model:
        """Return what is the same in every case like that one."""
        first, raw = history[0], self._raw
        bodies = [
            text for (text,) in raw.execute("SELECT body FROM events WHERE case_id = ? ORDER BY seq", (first.case_id,))
        ]
        found = "SELECT digest, party, field, last_digits FROM lookups WHERE case_id = ?"
        return Model(
            moves=[
                Move(
                    event.at - first.at,
                    event.actor,
                    event.kind.value,
                    text,
                    {
                        field: salt + text.encode()
                        for field in event.private
                        for salt, text in [event.private.open(field)]  # type: ignore[attr-defined]
                    },
                )
                for event, text in zip(history, bodies, strict=True)
            ],
            number=summary.number,
            summary=summary,
            grams=grams,
            noted=raw.execute(found, (first.case_id,)).fetchall(),
        )

    def _put_alike(self, place: int, model: Model) -> None:
        case_id, raw, sealing = f"019a0000-{place:012x}", self._raw, self._seals.sealing
        opened_at, opened_seq = self._invention.time(place), self._head.seq + 1
        number, wrapped, closing = write_number(place, opened_at), sealing.make_key(case_id), ""
        raw.execute("INSERT INTO subject_keys VALUES (?, ?)", (case_id, wrapped))
        events, texts = [], []
        for turn, move in enumerate(model.moves):
            seq = self._head.seq + 1
            body = move.body if turn else move.body.replace(model.number, number)
            row = (seq, f"{case_id}-{turn}", case_id, opened_at + move.after, move.actor, move.kind, body)
            digest = hash_event(self._head.hash, self._file, *row)
            events.append((*row, self._head.hash, digest))
            for field, text in move.texts.items():
                texts.append((seq, field, sealing.seal(case_id, wrapped, f"{seq}/{field}".encode(), text)))
            closing = digest if move.kind == EventKind.CLOSED else closing
            self._head = Link(seq, digest)
        raw.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", events)
        raw.executemany("INSERT INTO private_texts VALUES (?, ?, ?)", texts)
        raw.executemany(
            "INSERT INTO lookups VALUES (?, ?, ?, ?, ?)",
            [(digest, case_id, party, field, digits) for digest, party, field, digits in model.noted],
        )
        raw.execute(words.PUT, (opened_seq, model.grams))
        moved = opened_at - model.summary.opened_at
        summary = replace(
            model.summary,
            case_id=case_id,
            opened_seq=opened_seq,
            number=number,
            opened_at=opened_at,
            changed_at=model.summary.changed_at + moved,
            due_at=None if model.summary.due_at is None else model.summary.due_at + moved,
            called_at=None if model.summary.called_at is None else model.summary.called_at + moved,
        )
        cases.put_summary(raw, sample_anew(summary, closing))


def sample_anew(summary: CaseSummary, closing: str) -> CaseSummary:
    """Return the row with the sample drawn by the hash of the case's own closing."""
    others = summary.traits - {Trait.SAMPLED}
    if not closing or others & REVIEWED:
        return summary
    sampled = int(closing[:8], 16) % SAMPLE == 0
    reviewed = summary.review not in (None, Standing.DUE)
    review = summary.review if reviewed else Standing.DUE if sampled else None
    return replace(summary, traits=others | {Trait.SAMPLED} if sampled else others, review=review)


def write_number(place: int, at: int) -> str:
    """Return the number of a case."""
    return f"{OUTLET.code}-{datetime.fromtimestamp(at // 1000, UTC):%m%d}-{place % 1000:03}"


if __name__ == "__main__":
    print(find_file(int(sys.argv[1])))
