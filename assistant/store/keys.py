"""Where the key of a file comes from: made with the file or at its first sealing, and loaded ever after."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from assistant.sealing.keyplaces import KeyPlace
from assistant.store.seals import Sealing


class Keyring(NamedTuple):
    """Where the keys of files come from: `take` gets one for a new file, `load` the one that a file must have."""

    take: Callable[[str], tuple[Sealing, str]]
    load: Callable[[str, str], Sealing]


class MasterKeys:
    """Keys as they lie on this machine; remembers where one was made, which must be backed up."""

    def __init__(self) -> None:
        self.made: KeyPlace | None = None

    @property
    def keyring(self) -> Keyring:
        """These keys, as a file asks for them."""
        return Keyring(self._take, self._load)

    def _take(self, db_id: str) -> tuple[Sealing, str]:
        from assistant.sealing.keyplaces import take_key
        from assistant.sealing.vault import Vault

        master, self.made = take_key(db_id)
        return Vault(master), master.check(db_id)

    def _load(self, db_id: str, key_check: str) -> Sealing:
        from assistant.sealing.keyplaces import load_key
        from assistant.sealing.vault import Vault

        return Vault(load_key(db_id, key_check))
