"""Passwords: kept as slow hashes, checked for the same time whoever asks, and refused when they would be guessed."""

from __future__ import annotations

import re
import statistics
import time
import unicodedata
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.sealing import passwords
from assistant.sealing.passwords import (
    Flaw,
    PasswordUnfit,
    check_new,
    find_flaw,
    hash_password,
    make_one_time,
    needs_rehash,
    verify,
)
from tests.sealing.conftest import refuse
from tests.texts import ANY

GOOD = "云南 咖啡 自行车 窗帘"


@settings(max_examples=15)
@given(st.text(ANY, max_size=30), st.text(ANY, max_size=30))
def test_a_password_is_known_again_and_another_is_not(text: str, other: str) -> None:
    kept = hash_password(text)
    assert verify(text, kept)
    same = unicodedata.normalize("NFKC", text) == unicodedata.normalize("NFKC", other)
    assert verify(other, kept) is same


def test_a_hash_names_its_cost_and_holds_neither_the_password_nor_the_same_salt_twice() -> None:
    one, two = hash_password("correct horse"), hash_password("correct horse")
    assert re.fullmatch(r"\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}", one)
    assert one.split("$")[4:] != two.split("$")[4:]
    assert one.split("$")[4] != two.split("$")[4]


def test_a_password_is_the_same_however_the_keyboard_composes_it() -> None:
    kept = hash_password("Ａ１é密码 ok")
    assert verify("A1e\u0301密码 ok", kept)
    assert not verify("a1é密码 ok", kept)


def test_a_long_password_is_not_cut() -> None:
    kept = hash_password("长" * 300 + "a")
    assert verify("长" * 300 + "a", kept)
    assert not verify("长" * 300 + "b", kept)


@pytest.mark.parametrize(
    "kept", ["", "nonsense", "$argon2id$v=19$m=1,t=0,p=1$eHg$eHg", "$2b$12$abcdefghijklmnopqrstuv"]
)
def test_a_damaged_hash_opens_for_nobody(kept: str) -> None:
    assert not verify("", kept)
    assert not verify("nonsense", kept)
    assert needs_rehash(kept)


def test_an_unknown_staff_number_is_refused_after_the_same_work() -> None:
    kept = hash_password(GOOD)

    def measure(phc: str | None) -> float:
        before = time.thread_time()
        assert not verify("wrong password", phc)
        return time.thread_time() - before

    pairs = [(measure(kept), measure(None)) for _ in range(9)]
    known, unknown = (statistics.median(column) for column in zip(*pairs, strict=True))
    assert known > 0.002
    assert 0.6 < unknown / known < 1.6


def test_nobody_signs_on_without_a_hash() -> None:
    for text in ("", "nobody", GOOD):
        assert not verify(text, None)


def test_a_hash_of_another_cost_is_still_known_and_asks_to_be_made_anew() -> None:
    older = Argon2id(salt=b"s" * 16, length=32, iterations=1, lanes=1, memory_cost=8192)
    kept = older.derive_phc_encoded(GOOD.encode())
    assert verify(GOOD, kept)
    assert needs_rehash(kept)
    assert not needs_rehash(hash_password(GOOD))


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("", Flaw.SHORT),
        ("a8#Kq2z", Flaw.SHORT),
        ("７个字符而已呀", Flaw.SHORT),
        ("03120017", Flaw.NUMBER),
        ("０３１２００１７", Flaw.NUMBER),
        ("03120017a", Flaw.NUMBER),
        ("!0312001703120017", Flaw.NUMBER),
        ("aaaaaaaa", Flaw.RUN),
        ("AaAaAaAa", Flaw.RUN),
        ("１２３４５６７８", Flaw.RUN),
        ("hgfedcba", Flaw.RUN),
        ("password", Flaw.COMMON),
        ("PassWord123", Flaw.COMMON),
        ("ｑｗｅｒｔｙｕｉ", Flaw.COMMON),
        ("5201314520", Flaw.COMMON),
        ("1qaz2wsx", Flaw.COMMON),
    ],
)
def test_what_is_guessed_first_is_refused_in_one_sentence(text: str, flaw: Flaw) -> None:
    assert find_flaw(text, "03120017") is flaw
    sentence = refuse(PasswordUnfit, check_new, text, "03120017")
    assert text == "" or text not in sentence.replace("This password", "")


@pytest.mark.parametrize(
    "text",
    [GOOD, "correct horse battery staple", "zqmvhtwp", "83019427", "a8#Kq2zX", "my 03120017 is here", "        x"],
)
def test_what_is_not_guessed_first_is_accepted_whatever_it_is_made_of(text: str) -> None:
    check_new(text, "03120017")


@given(st.text(ANY, min_size=8))
def test_a_short_staff_number_forbids_nothing(text: str) -> None:
    assert find_flaw(text, "7") is not Flaw.NUMBER
    assert find_flaw(text, "") is not Flaw.NUMBER


def test_the_sentence_says_how_long_a_password_must_be() -> None:
    assert "fewer than 8 characters" in refuse(PasswordUnfit, check_new, "short", "1")


def test_every_common_password_on_the_list_is_one_that_only_the_list_refuses() -> None:
    lines = Path(passwords.__file__).with_name("common_passwords.txt").read_text("utf-8").splitlines()
    listed = [line for line in lines if not line.startswith("#")]
    assert len(listed) > 100
    assert len(set(listed)) == len(listed)
    assert [line for line in listed if find_flaw(line, "03120017") is not Flaw.COMMON] == []


def test_a_one_time_password_reads_one_way_only_and_passes_as_a_password() -> None:
    made = [make_one_time() for _ in range(2000)]
    assert len(set(made)) == len(made)
    assert {len(one) for one in made} == {10}
    letters = set("".join(made))
    assert letters & set("0O1lI") == set()
    assert len(letters) == 57
    for one in made[:200]:
        check_new(one, "03120017")
