"""Seals: what was sealed opens where it belongs, and nowhere else."""

from __future__ import annotations

import io
import threading
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.traceback import Traceback

from assistant.sealing.faults import SealBroken
from assistant.sealing.masterkey import MasterKey
from assistant.sealing.sealer import MOST_KEPT, Sealer
from tests.sealing.conftest import refuse
from tests.texts import ANY

CASE: Final = "case-1"
FIELD: Final = b"customer.name"
NAME: Final = "张桂芳 3101041953".encode()


@pytest.fixture
def sealer(key: MasterKey) -> Sealer:
    return Sealer(key)


@given(subject=st.text(ANY), context=st.binary(), text=st.binary(max_size=2000))
def test_whatever_is_sealed_opens_again_for_whoever_has_the_master_key(
    subject: str, context: bytes, text: bytes
) -> None:
    key = MasterKey.make()
    wrapped = Sealer(key).make_key(subject)
    sealed = Sealer(key).seal(subject, wrapped, context, text)
    assert Sealer(key).unseal(subject, wrapped, context, sealed) == text
    assert (len(wrapped), len(sealed)) == (61, len(text) + 29)


def test_a_long_text_is_sealed_like_a_short_one(sealer: Sealer) -> None:
    wrapped = sealer.make_key(CASE)
    text = NAME * 100_000
    assert sealer.unseal(CASE, wrapped, FIELD, sealer.seal(CASE, wrapped, FIELD, text)) == text


def test_the_same_text_is_never_sealed_the_same_way_twice(sealer: Sealer) -> None:
    wrapped = sealer.make_key(CASE)
    sealed = [sealer.seal(CASE, wrapped, FIELD, NAME) for _ in range(50)]
    assert len({*sealed, *(one[1:13] for one in sealed)}) == 100
    assert not [one for one in sealed if NAME[:6] in one]
    assert sealer.make_key(CASE) != wrapped


def test_each_flipped_bit_of_a_sealed_text_is_found(sealer: Sealer) -> None:
    wrapped = sealer.make_key(CASE)
    sealed = sealer.seal(CASE, wrapped, FIELD, NAME)
    for changed in flip(sealed):
        with pytest.raises(SealBroken):
            sealer.unseal(CASE, wrapped, FIELD, changed)
    assert sealer.unseal(CASE, wrapped, FIELD, sealed) == NAME


def test_each_flipped_bit_of_a_wrapped_key_is_found(sealer: Sealer) -> None:
    wrapped = sealer.make_key(CASE)
    sealed = sealer.seal(CASE, wrapped, FIELD, NAME)
    for changed in flip(wrapped):
        with pytest.raises(SealBroken):
            sealer.unseal(CASE, changed, FIELD, sealed)
        with pytest.raises(SealBroken):
            sealer.seal(CASE, changed, FIELD, NAME)


def flip(whole: bytes) -> list[bytes]:
    """Return `whole` with each of its bits flipped in turn."""
    return [
        whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :]
        for place in range(len(whole))
        for bit in range(8)
    ]


@settings(max_examples=50)
@given(st.data())
def test_what_is_cut_or_lengthened_or_made_up_does_not_open(data: st.DataObject) -> None:
    sealer = Sealer(MasterKey.make())
    wrapped = sealer.make_key(CASE)
    sealed = sealer.seal(CASE, wrapped, FIELD, NAME)
    cut = data.draw(st.integers(0, len(sealed) - 1))
    more = data.draw(st.binary(min_size=1, max_size=40))
    for changed in (sealed[:cut], sealed + more, b"\x01" + more, more):
        with pytest.raises(SealBroken):
            sealer.unseal(CASE, wrapped, FIELD, changed)
        with pytest.raises(SealBroken):
            sealer.unseal(CASE, changed, FIELD, sealed)


def test_a_sealed_text_opens_for_no_other_field_subject_or_key(sealer: Sealer, key: MasterKey) -> None:
    wrapped, other = sealer.make_key(CASE), sealer.make_key("case-2")
    sealed = sealer.seal(CASE, wrapped, FIELD, NAME)
    assert "case-2" in refuse(SealBroken, sealer.unseal, "case-2", other, FIELD, sealed)
    refuse(SealBroken, sealer.unseal, "case-2", wrapped, FIELD, sealed)
    refuse(SealBroken, sealer.unseal, CASE, other, FIELD, sealed)
    refuse(SealBroken, sealer.unseal, CASE, wrapped, b"customer.phone", sealed)
    refuse(SealBroken, sealer.unseal, CASE, sealer.make_key(CASE), FIELD, sealed)
    refuse(SealBroken, Sealer(MasterKey.make()).unseal, CASE, wrapped, FIELD, sealed)
    assert sealer.unseal(CASE, wrapped, FIELD, sealed) == NAME


def test_a_key_that_was_used_for_its_subject_still_seals_for_no_other(sealer: Sealer) -> None:
    wrapped = sealer.make_key(CASE)
    sealer.seal(CASE, wrapped, FIELD, NAME)
    refuse(SealBroken, sealer.seal, "case-2", wrapped, FIELD, NAME)


def test_subject_and_context_are_never_read_as_another_pair(sealer: Sealer) -> None:
    wrapped = sealer.make_key("ab")
    sealed = sealer.seal("ab", wrapped, b"c", NAME)
    refuse(SealBroken, sealer.unseal, "ab", wrapped, b"", sealed)
    refuse(SealBroken, sealer.unseal, "a", wrapped, b"bc", sealed)


def test_a_wrapped_key_and_a_sealed_text_do_not_stand_for_one_another(sealer: Sealer) -> None:
    wrapped = sealer.make_key(CASE)
    sealed = sealer.seal(CASE, wrapped, b"", bytes(32))
    refuse(SealBroken, sealer.unseal, CASE, wrapped, b"", wrapped)
    refuse(SealBroken, sealer.seal, CASE, sealed, b"", NAME)


def test_a_subject_that_is_forgotten_leaves_no_key_in_memory_and_others_stay(sealer: Sealer) -> None:
    keys = {subject: sealer.make_key(subject) for subject in (CASE, "case-2")}
    for subject, wrapped in keys.items():
        sealer.seal(subject, wrapped, FIELD, NAME)
    sealer.forget(CASE)
    assert {subject for subject, _ in sealer._kept} == {"case-2"}
    sealer.forget(CASE)


def test_no_more_keys_are_kept_than_fit_and_the_last_used_stay(sealer: Sealer) -> None:
    keys = [(f"case-{number}", sealer.make_key(f"case-{number}")) for number in range(MOST_KEPT + 6)]
    sealed = sealer.seal(*keys[0], FIELD, NAME)
    for subject, wrapped in keys[1:]:
        sealer.seal(subject, wrapped, FIELD, NAME)
        assert sealer.unseal(*keys[0], FIELD, sealed) == NAME
    assert len(sealer._kept) == MOST_KEPT
    assert keys[0] in sealer._kept
    assert keys[1] not in sealer._kept
    assert sealer.unseal(*keys[1], FIELD, sealer.seal(*keys[1], FIELD, NAME)) == NAME


def test_threads_may_share_a_sealer(sealer: Sealer) -> None:
    keys = [(f"case-{number}", sealer.make_key(f"case-{number}")) for number in range(MOST_KEPT * 2)]
    opened: list[bytes] = []

    def work() -> None:
        for subject, wrapped in keys:
            opened.append(sealer.unseal(subject, wrapped, FIELD, sealer.seal(subject, wrapped, FIELD, NAME)))
            sealer.forget(subject)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened == [NAME] * (4 * len(keys))


def test_neither_key_stands_in_a_crash_report_that_shows_every_variable(key: MasterKey) -> None:
    sealer = Sealer(key)
    wrapped = sealer.make_key(CASE)
    sealed = sealer.seal(CASE, wrapped, FIELD, NAME)
    with pytest.raises(SealBroken) as broken:
        sealer.unseal(CASE, wrapped, b"other", sealed)
    report = Traceback.from_exception(
        SealBroken, broken.value, broken.value.__traceback__, show_locals=True, locals_max_string=10_000
    )
    out = io.StringIO()
    Console(file=out, width=1000).print(report)
    shown = out.getvalue()
    assert "_decrypt" in shown
    assert repr(sealed)[2:14] in shown
    bound = b"\x01" + len(CASE).to_bytes(4, "big") + CASE.encode()
    subject_key = sealer._wrapping.decrypt(wrapped[1:13], wrapped[13:], bound)
    for secret in (key.spell(), repr(key.derive("subject-keys-v1"))[2:14], repr(subject_key)[2:14]):
        assert secret not in shown
