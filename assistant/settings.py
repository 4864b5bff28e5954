"""What an outlet decides for itself about people and terms: one file beside the file of cases, or the defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from assistant.naming import is_name
from assistant.places import find_settings
from rules.errors import BadInput
from rules.language import Catalogue, Language, Text, read_yaml

LONGEST_LINE: Final = 120
"""Characters."""


class SettingsUnfit(BadInput):
    """The file of settings at `path` cannot be used: `problem` says where and why."""

    catalogue = Catalogue("assistant")
    code = "settings_unfit"


def _check_line(text: str) -> str:
    if not is_name(text, LONGEST_LINE):
        raise ValueError
    return text


Line: TypeAlias = Annotated[str, AfterValidator(_check_line)]
"""One line of print."""


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
    """`package.module:name` of a `Door` of the bank's own, in place of OS logins and the passwords in the file."""


class Retention(Part):
    """Years by kind of record. The AML Law (2024), Art. 34 asks for ten years of what is linked to an identity or a
    transaction; ten for all that is in the file is this product's choice."""

    restrict_years: Annotated[int, Field(ge=0, le=100)] = 3
    """After the closing of a case."""
    erase_years: Annotated[int, Field(ge=1, le=100)] = 10
    """After the closing of a case."""
    staff_years: Annotated[int, Field(ge=1, le=100)] = 10
    """After the suspension of a member of staff: the name, and the hash of the password."""
    requests_years: Annotated[int, Field(ge=1, le=100)] = 10
    """After the settling of a request that is about no case, or one that is erased: what was written in it."""


class DocumentSettings(Part):
    """What a bank fills in on its papers; what is missing is left blank on them, to be filled in by hand."""

    templates: Annotated[str, Field(min_length=1)] | None = None
    """A folder with templates of the bank's own, beside the file of cases unless it is absolute."""
    bank: Line | None = None
    """The name of the bank as its papers bear it."""
    outlet_address: Line | None = None
    outlet_phone: Line | None = None
    """By which the police and the customer call back."""
    appeal_to: Line | None = None
    """Who takes objections to a measure (Anti-Telecom and Online Fraud Law, Art. 32)."""
    appeal_phone: Line | None = None
    appeal_papers: Line | None = None
    """What a customer brings along for one."""
    goaml_schema: Annotated[str, Field(min_length=1)] | None = None
    """The XML schema of reports that the bank was given, beside the file of cases unless it is absolute."""
    goaml_entity: Line | None = None
    """The number by which the bank reports."""


class Settings(Part):
    """All settings of an outlet."""

    sign_on: SignOnSettings = Field(default_factory=SignOnSettings)
    review_hours: Annotated[int, Field(ge=1, le=168)] = 24
    """Within which another looks at what was done alone in an emergency."""
    reveal_seconds: Annotated[int, Field(ge=5, le=300)] = 60
    """How long what was revealed stays on the screen."""
    retention: Retention = Field(default_factory=Retention)
    documents: DocumentSettings = Field(default_factory=DocumentSettings)


def read_settings(database: Path) -> Settings:
    """Return the settings beside that file of cases, the defaults where there are none. Raises SettingsUnfit."""
    from yaml import MarkedYAMLError, YAMLError

    path = find_settings(database)
    try:
        return Settings.model_validate(read_yaml(path.read_text("utf-8")) or {})
    except FileNotFoundError:
        if not path.is_symlink():
            return Settings()
        said = _say("file")
    except ValidationError as error:
        first = error.errors()[0]
        known = "unknown" if first["type"] == "extra_forbidden" else "value"
        said = _say(known, where=".".join(map(str, first["loc"])) or path.name)
    except MarkedYAMLError as error:
        said = _say("line", number=error.problem_mark.line + 1 if error.problem_mark else 1)
    except (YAMLError, UnicodeDecodeError, ValueError, RecursionError):
        said = _say("text")
    except OSError:
        said = _say("file")
    raise SettingsUnfit(path=path, problem=said)


def _say(key: str, **details: object) -> Text:
    zh, en = (
        SettingsUnfit.catalogue(f"settings.{key}", language, **details) for language in (Language.ZH, Language.EN)
    )
    return Text(zh, en)
