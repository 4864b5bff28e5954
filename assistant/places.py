"""Where things lie on this machine: the file of cases, its demo twin, and the folder for what the program logs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

NAME: Final = "teller-assistant"
DATABASE_VARIABLE: Final = "ASSISTANT_DB"
RULES_FOLDER: Final = "rulebook"
SETTINGS_FILE: Final = "settings.yaml"
OVERLAY_FILE: Final = "bank.yaml"
_ROOT: Final = Path(__file__).resolve().parents[1]


def find_database(given: str | os.PathLike[str] | None = None) -> Path:
    """Return the path of the file of cases, which need not exist: as given, else as the environment says, else usual.

    The usual place is the project's root when run from a checkout, and the user's data folder otherwise.
    """
    chosen = given or os.environ.get(DATABASE_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    return _data_folder() / "cases.db"


def find_demo(given: str | os.PathLike[str] | None = None) -> Path:
    """Return the path of the file of invented cases: as given, else `demo.db` beside the file of cases."""
    return Path(given).expanduser().absolute() if given else find_database().with_name("demo.db")


def find_settings(database: Path) -> Path:
    """Return the path of the settings of an outlet, which need not exist: beside its file of cases."""
    return database.with_name(SETTINGS_FILE)


def find_log() -> Path:
    """Return the path of the log of unforeseen faults, in the user's state folder; neither need exist."""
    # It takes a moment to import and is needed on bad days only.
    from platformdirs import user_state_path

    return user_state_path(NAME, appauthor=False) / "faults.log"


def find_names() -> Path:
    """Return the path of the file in which the names of the rulebook are kept between two starts."""
    from platformdirs import user_cache_path

    return user_cache_path(NAME, appauthor=False) / "names.json"


def find_draft(database: Path) -> tuple[Path | None, Path | None]:
    """Return the usual places of a draft of a rulebook, its folder and the bank's file, None for what is not there.

    Both lie beside the file of cases; what is in force stands in that file.
    """
    folder, overlay = database.with_name(RULES_FOLDER), database.with_name(OVERLAY_FILE)
    return folder if folder.is_dir() else None, overlay if overlay.is_file() else None


def find_editions() -> Path:
    """Return the folder in which a copy of every rulebook that passed its trial is kept, in the user's state folder."""
    from platformdirs import user_state_path

    return user_state_path(NAME, appauthor=False) / "rulebooks"


def _data_folder() -> Path:
    if _is_checkout(_ROOT):
        return _ROOT
    from platformdirs import user_data_path

    return user_data_path(NAME, appauthor=False)


def _is_checkout(folder: Path) -> bool:
    try:
        return f'name = "{NAME}"' in (folder / "pyproject.toml").read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return False
