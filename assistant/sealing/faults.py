"""What can go wrong with keys and seals: one sentence each, and whatever lay there is left as it was."""

from __future__ import annotations

from typing import ClassVar

from assistant.sealing.words import WORDS
from rules.errors import Trouble
from rules.language import Catalogue


class KeyTrouble(Trouble):
    """The master key cannot be used or made. No key and no file of cases was changed."""

    catalogue: ClassVar[Catalogue] = WORDS
    exit_status: ClassVar[int] = 3


class KeyLost(KeyTrouble):
    """There is no key at `place`."""

    code = "key_lost"


class KeyWrong(KeyTrouble):
    """The key at `place` is not the one of this file of cases."""

    code = "key_wrong"


class KeyExposed(KeyTrouble):
    """The key file may be read or written by others than its owner; `command` mends it."""

    code = "key_exposed"


class KeyFolderOpen(KeyTrouble):
    """Others than its owner may remove or replace what lies in the folder of the key file; `command` mends it."""

    code = "key_folder_open"


class KeyNotOurs(KeyTrouble):
    """The key file belongs to `owner`, who is neither this user nor root."""

    code = "key_not_ours"


class KeyUnfit(KeyTrouble):
    """What lies at `place` is not 32 bytes in base64."""

    code = "key_unfit"


class KeyNotAFile(KeyTrouble):
    """What lies at the place of the key file is a folder, a device or a pipe."""

    code = "key_not_a_file"


class KeyUnread(KeyTrouble):
    """The system refuses to read the key file, for the reason `problem`."""

    code = "key_unread"


class KeyExists(KeyTrouble):
    """A key was to be made, and one lies at `place`."""

    code = "key_exists"


class KeyUnkept(KeyTrouble):
    """The new key cannot be written to `place`, for the reason `problem`."""

    code = "key_unkept"


class KeyringMissing(KeyTrouble):
    """The keyring is asked for and is not installed, has nowhere to keep anything, or refuses: `problem` says which."""

    code = "keyring_missing"


class SealBroken(Trouble):
    """What was sealed about `subject` does not open: it was changed, moved from its place, or sealed by another key."""

    catalogue: ClassVar[Catalogue] = WORDS
    code = "seal_broken"
    exit_status = 3
