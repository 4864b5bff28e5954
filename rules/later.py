"""Modules that are imported at their first use: what the first screen does not need must not keep it waiting."""

from __future__ import annotations

import sys
from importlib.util import LazyLoader, find_spec, module_from_spec
from types import ModuleType

_put_off: list[ModuleType] = []


def import_later(name: str) -> ModuleType:
    """Return the module of that full name; its code runs when something of it is first asked for.

    Raises ModuleNotFoundError at once when there is none.
    """
    if name in sys.modules:
        return sys.modules[name]
    spec = find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(name)
    spec.loader = LazyLoader(spec.loader)
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    _put_off.append(module)
    return module


def import_now() -> None:
    """Import whatever was put off and is still to be imported.

    To be called before a second thread begins that may use it: while one imports such a module, another would find it
    half made.
    """
    while _put_off:
        # Any attribute that is asked for has the module imported; its own imports may put off more.
        _put_off.pop().__doc__  # noqa: B018 (imports it)
