"""The package as a whole: light to import, and every trouble has its words."""

from __future__ import annotations

import re
import string
import subprocess
import sys

import pytest

from assistant.sealing import faults, passwords
from assistant.sealing.words import WORDS
from rules.errors import Trouble
from tests.sealing.conftest import DB_ID, ROOT

TROUBLES = [
    kind
    for module in (faults, passwords)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Trouble) and kind.code
]


def imported_by(program: str) -> set[str]:
    """Return the names of the packages that are imported once `program` has run."""
    show = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\n{show}"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("module", ["masterkey", "keyplaces", "lookups", "sealer", "passwords", "faults"])
def test_no_module_brings_the_ciphers_or_the_keyring_along(module: str) -> None:
    assert imported_by(f"import assistant.sealing.{module}") & {"cryptography", "keyring", "platformdirs"} == set()


def test_loading_a_key_and_looking_up_and_standing_ready_to_seal_need_no_ciphers() -> None:
    made = f"from assistant.sealing.keyplaces import make_key\nkey, place = make_key({DB_ID!r})"
    loaded = f"""
from assistant.sealing.keyplaces import find_place, load_key
from assistant.sealing.lookups import digest
from assistant.sealing.sealer import Sealer
from assistant.sealing.keyfile import read_key
key = load_key({DB_ID!r}, read_key(find_place({DB_ID!r}).path).check({DB_ID!r}))
digest(key, "phone", "13800138000")
Sealer(key)
"""
    assert "cryptography" not in imported_by(made) | imported_by(loaded)
    assert "cryptography" in imported_by(f"{loaded}\nSealer(key).make_key('case')")


def test_every_trouble_has_its_words_and_every_word_its_trouble() -> None:
    told = {key.removeprefix("trouble.") for key in WORDS if key.startswith("trouble.")}
    assert {kind.code for kind in TROUBLES} == told
    assert {kind.exit_status for kind in TROUBLES if kind is not passwords.PasswordUnfit} == {3}


def test_every_text_says_the_same_things_in_both_languages() -> None:
    def braces(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    texts = {key: WORDS.text(key) for key in WORDS}
    assert [key for key, text in texts.items() if braces(text.zh) != braces(text.en)] == []
    assert [key for key, text in texts.items() if not re.search("[一-鿿]", text.zh) and text.zh != text.en] == []
