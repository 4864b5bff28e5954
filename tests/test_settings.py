"""The settings of an outlet: whatever is wrong with the file is one sentence in the words of whoever reads it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from assistant.settings import Settings, SettingsUnfit, read_settings
from assistant.store import Store
from assistant.workplace import recognise
from rules.language import Language
from tests.outlet import lay

DAMAGED = {
    "review_hours: 0\n": ("review_hours", "out of its range"),
    "review_hours: soon\n": ("review_hours", "of another kind"),
    "sign_on: {attempts: 3, lokc_minutes: 5}\n": ("sign_on.lokc_minutes", "there is no setting"),
    "- review_hours\n": ("settings.yaml", "of another kind"),
    "review_hours: 12\nsign_on: [\n": ("3", "line 3"),
    "review_hours: !!python/object:os.system x\n": ("1", "line 1"),
    "\x00": ("文本", "no text"),
    "[" * 10_000: ("settings.yaml", "settings"),
}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "cases.db"


@pytest.mark.parametrize("text", DAMAGED)
def test_what_is_wrong_in_the_file_is_named_in_both_languages(database: Path, text: str) -> None:
    database.with_name("settings.yaml").write_text(text, "utf-8")
    with pytest.raises(SettingsUnfit) as refused:
        read_settings(database)
    zh, en = (refused.value.sentence(language) for language in (Language.ZH, Language.EN))
    assert DAMAGED[text][0] in zh
    assert DAMAGED[text][1] in en
    assert "should" not in en.lower()
    assert not [word for word in ("Input", "valid", "permitted", "Error") if word in zh + en]


def test_bytes_that_are_no_text_and_a_folder_in_its_place_are_told_too(database: Path) -> None:
    file = database.with_name("settings.yaml")
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsUnfit, match="text"):
        read_settings(database)
    file.unlink()
    file.mkdir()
    with pytest.raises(SettingsUnfit, match="file"):
        read_settings(database)


def test_a_link_that_leads_nowhere_is_no_missing_file(database: Path) -> None:
    link = database.with_name("settings.yaml")
    for target in ("gone.yaml", link.name):
        link.symlink_to(target)
        with pytest.raises(SettingsUnfit, match="file"):
            read_settings(database)
        link.unlink()


@pytest.mark.parametrize("damage", [*DAMAGED, None], ids=lambda text: repr(text)[:20])
def test_nobody_is_recognised_whatever_is_wrong(database: Path, damage: str | None) -> None:
    lay(database)
    file = database.with_name("settings.yaml")
    if damage is None:
        file.symlink_to("gone.yaml")
    else:
        file.write_text(damage, "utf-8")
    with Store.open(database) as store, pytest.raises(SettingsUnfit):
        recognise(store)


def test_where_there_is_no_file_nothing_is_imported_to_read_it(database: Path) -> None:
    lay(database)
    code = (
        "import sys; from pathlib import Path; from assistant.store import Store; "
        "from assistant.workplace import recognise; recognise(Store.open(Path(sys.argv[1]))); "
        "sys.exit(', '.join({'pydantic', 'yaml', 'assistant.settings'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, str(database)]
    tried = subprocess.run(command, capture_output=True, text=True, check=False)
    assert tried.stderr.strip() == ""


def test_without_a_file_the_defaults_hold_and_an_empty_one_changes_nothing(database: Path) -> None:
    assert read_settings(database) == Settings()
    database.with_name("settings.yaml").write_text("# nothing\n", "utf-8")
    assert read_settings(database) == Settings()
