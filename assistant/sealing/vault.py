"""All that one master key does for a file of cases: it seals texts, finds equal values again and marks checkpoints."""

from __future__ import annotations

from assistant.sealing import lookups, marks
from assistant.sealing.masterkey import MasterKey
from assistant.sealing.sealer import Sealer


class Vault(Sealer):
    """A sealer that also makes the keyed hashes by which the same customer, payee or phone is found, and the marks."""

    def __init__(self, master: MasterKey) -> None:
        super().__init__(master)
        self._own = master

    def digest(self, kind: str, value: str) -> bytes:
        """Return the keyed hash of a value of that kind."""
        return lookups.digest(self._own, kind, value)

    def mark(self, message: bytes) -> bytes:
        """Return what shows that whoever holds the key wrote `message`."""
        return marks.mark(self._own, message)
