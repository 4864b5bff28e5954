"""`assistant rules ...`: the rule desk of a compliance officer, one module a command."""

from __future__ import annotations

from argparse import Namespace
from importlib import import_module

from rules.language import Language


def run(options: Namespace, language: Language) -> int:
    """Run the command of the rule desk that `options.look` names and return its exit status."""
    status: int = import_module(f"assistant.cli.rules.{options.look}").run(options, language)
    return status
