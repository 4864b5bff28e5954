"""Keyed hashes: the same value is found again, and without the key nothing is."""

from __future__ import annotations

import hmac
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from assistant.sealing.lookups import DIGEST_BYTES, digest
from assistant.sealing.masterkey import MasterKey
from tests.texts import ANY

KEY = MasterKey(bytes(range(32)))


@given(st.text(), st.text())
def test_the_same_value_is_found_again_and_only_with_the_same_key(kind: str, value: str) -> None:
    found = digest(KEY, kind, value)
    assert len(found) == DIGEST_BYTES == 16
    assert digest(MasterKey(bytes(range(32))), kind, value) == found
    assert digest(MasterKey(bytes(range(1, 33))), kind, value) != found


@given(st.lists(st.tuples(st.text(ANY, max_size=4), st.text(ANY, max_size=4)), unique=True))
def test_no_two_pairs_of_kind_and_value_are_alike(pairs: list[tuple[str, str]]) -> None:
    assert len({digest(KEY, kind, value) for kind, value in pairs}) == len(pairs)


def test_a_number_that_is_both_a_phone_and_an_account_is_not_found_as_the_other() -> None:
    assert digest(KEY, "phone", "13800138000") != digest(KEY, "account", "13800138000")
    assert digest(KEY, "phone", "1") != digest(KEY, "phone1", "")


def test_a_digest_is_neither_a_plain_hash_nor_one_under_the_master_key_itself() -> None:
    found = digest(KEY, "phone", "13800138000")
    assert found != sha256(b"13800138000").digest()[:16]
    assert found != hmac.digest(bytes(range(32)), b"\x00\x00\x00\x05phone13800138000", "sha256")[:16]
