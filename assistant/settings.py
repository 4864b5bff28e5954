"""What an outlet decides for itself about people and terms: one file beside the file of cases, or the defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rules.errors import BadInput
from rules.language import Catalogue, read_yaml

FILE: Final = "settings.yaml"


class SettingsUnfit(BadInput):
    """The file of settings at `path` cannot be used: `problem` says where and why."""

    catalogue = Catalogue("assistant")
    code = "settings_unfit"


class Part(BaseModel):
    """A part of the settings: nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SignOnSettings(Part):
    """Passwords at a shared machine. PCI DSS 4.0, 8.2.8 and 8.3.4 ask for at most 15 minutes idle, 10 attempts and
    a lock of 30 minutes, the numbers here are stricter but for the lock."""

    idle_minutes: Annotated[int, Field(ge=1, le=60)] = 10
    """After so long without a key the screen locks."""
    attempts: Annotated[int, Field(ge=3, le=10)] = 5
    lock_minutes: Annotated[int, Field(ge=1, le=1440)] = 30
    directory: str | None = None
    """`package.module:name` of a `Door` of the bank's own, in place of the passwords in the file of cases."""


class Retention(Part):
    """Years after the closing of a case. The AML Law (2024), Art. 34 asks for ten years of what is linked to an
    identity or a transaction; ten for the whole file is this product's choice."""

    restrict_years: Annotated[int, Field(ge=0, le=100)] = 3
    erase_years: Annotated[int, Field(ge=1, le=100)] = 10


class Settings(Part):
    """All settings of an outlet."""

    sign_on: SignOnSettings = Field(default_factory=SignOnSettings)
    review_hours: Annotated[int, Field(ge=1, le=168)] = 24
    """Within which another looks at what was done alone in an emergency."""
    reveal_seconds: Annotated[int, Field(ge=5, le=300)] = 60
    """How long what was revealed stays on the screen."""
    retention: Retention = Field(default_factory=Retention)


def read_settings(database: Path) -> Settings:
    """Return the settings beside that file of cases, the defaults where there are none. Raises SettingsUnfit."""
    path = database.with_name(FILE)
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsUnfit(path=path, problem=getattr(error, "strerror", None) or type(error).__name__) from None
    try:
        return Settings.model_validate(read_yaml(text) or {})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise SettingsUnfit(path=path, problem=f"{where}: {first['msg']}") from None
    except BadInput:
        raise
    except ValueError as error:
        raise SettingsUnfit(path=path, problem=type(error).__name__) from None
