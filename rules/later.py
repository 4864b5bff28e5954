"""Modules that are imported at their first use: what the first screen does not need must not keep it waiting."""

from __future__ import annotations

import sys
from importlib.util import LazyLoader, find_spec, module_from_spec
from types import ModuleType


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
    return module
