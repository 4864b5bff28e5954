"""Reads what a bank may keep beside its templates as data: its codes, its measures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from rules.language import read_yaml

if TYPE_CHECKING:
    from rules.errors import BadInput

Data = TypeVar("Data", bound=BaseModel)


def read_data(path: Path, form: type[Data], unread: type[BadInput]) -> Data:
    """Return what the YAML file at `path` holds. Raises `unread` with its `path` and the `problem`: the place of a
    mistake, or what cannot be read of it."""
    # Reading YAML takes its time, and most documents need none.
    from yaml import YAMLError

    try:
        return form.model_validate(read_yaml(path.read_text("utf-8")))
    except ValidationError as error:
        problem = ".".join(map(str, error.errors()[0]["loc"])) or path.name
    except YAMLError:
        problem = "YAML"
    except UnicodeDecodeError:
        problem = "UTF-8"
    except OSError as error:
        problem = error.strerror or type(error).__name__
    raise unread(path=path, problem=problem)
