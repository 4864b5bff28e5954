"""The branch server that the tests of one module work on; what it leaves behind fails them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server.branch import Branch, await_quiet, find_leavings


@pytest.fixture(scope="module")
def standing_branch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Branch]:
    """A branch server while the module's tests run, and the machine as it was afterwards."""
    with Branch(tmp_path_factory.mktemp("branch")) as server:
        yield server
    assert find_leavings() == []


@pytest.fixture
def branch(standing_branch: Branch) -> Branch:
    """The branch server, with nobody at work."""
    await_quiet()
    return standing_branch
