"""The master key: known again, a source of other keys, and never shown."""

from __future__ import annotations

import copy
import io
import pickle
import traceback
from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.traceback import Traceback

from assistant.sealing.masterkey import MasterKey
from tests.sealing.conftest import DB_ID
from tests.texts import ANY

SECRET = bytes(range(32))


@dataclass(frozen=True)
class Holder:
    """Something of the product that holds the key."""

    key: MasterKey


def test_a_key_that_is_spelled_and_parsed_is_the_same_key(key: MasterKey) -> None:
    line = key.spell()
    assert len(line) == 44
    assert MasterKey.parse(f"  {line}\n") == key == MasterKey.parse(line.encode())
    assert hash(MasterKey.parse(line)) == hash(key)
    assert MasterKey.make() != key


@pytest.mark.parametrize(
    "line",
    ["", "keyring", "AAAA", "密钥", MasterKey(SECRET).spell()[:-1], MasterKey(SECRET).spell() + "A", "A" * 43 + "!"],
)
def test_a_line_that_is_not_32_bytes_in_base64_is_no_key(line: str) -> None:
    assert MasterKey.parse(line) is None
    assert MasterKey.parse(line.encode()) is None


@given(st.binary(max_size=80))
def test_no_line_at_all_makes_parsing_fail(line: bytes) -> None:
    parsed = MasterKey.parse(line)
    assert parsed is None or parsed.spell().encode() == line.strip()


def test_the_check_of_a_key_is_sixteen_digits_and_differs_by_file_and_by_key(key: MasterKey) -> None:
    check = MasterKey(SECRET).check(DB_ID)
    assert check == "44a45d49b27e7171"
    others = {MasterKey(SECRET).check("another"), key.check(DB_ID), MasterKey(SECRET[::-1]).check(DB_ID)}
    assert len(others | {check}) == 4


@given(st.text(ANY, max_size=40))
def test_a_derived_key_is_what_another_hand_derives(purpose: str) -> None:
    info = f"teller-assistant-derived-key-v1\n{purpose}".encode()
    assert MasterKey(SECRET).derive(purpose) == HKDF(SHA256(), length=32, salt=None, info=info).derive(SECRET)


def test_only_32_bytes_are_a_key() -> None:
    for size in (0, 16, 31, 33, 64):
        with pytest.raises(ValueError, match=f"^{size}$"):
            MasterKey(bytes(size))


def test_a_key_never_changes(key: MasterKey) -> None:
    with pytest.raises(AttributeError):
        key._secret = SECRET
    with pytest.raises(AttributeError):
        del key._secret
    with pytest.raises(AttributeError):
        key.other = 1


def test_a_key_shows_itself_in_no_print_and_no_copy() -> None:
    key = MasterKey(SECRET)
    for shown in (repr(key), str(key), f"{key}", repr(Holder(key)), repr([key])):
        assert shown in {"MasterKey(…)", "Holder(key=MasterKey(…))", "[MasterKey(…)]"}
    for take in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match=r"^MasterKey$"):
            take(key)


def test_a_key_stays_out_of_a_crash_report_that_shows_every_variable() -> None:
    key = MasterKey(SECRET)
    held = Holder(key)
    with pytest.raises(TypeError) as crash:
        pickle.dumps((key, held))
    report = Traceback.from_exception(TypeError, crash.value, crash.value.__traceback__, show_locals=True)
    out = io.StringIO()
    Console(file=out, width=200).print(report)
    shown = out.getvalue() + "".join(traceback.format_exception(crash.value)) + repr(KeyError(key, held))
    assert "held = Holder(key=MasterKey(…))" in shown
    for secret in (key.spell(), repr(SECRET)[2:20], SECRET.hex()):
        assert secret not in shown
