"""Prepares a test run: keeps the desk where tests ask for servers; nothing outlives the run."""

import logging
import os
from collections.abc import Iterator

import hypothesis
import pytest
from django.utils import translation

from script.supervisor.guardian import MARK, Guardian
from tests.servers.addresses import addresses, guardian_of_run, is_first_process
from tests.servers.desk import Desk

pytest_plugins = ["tests.servers.fixtures", "tests.people", "tests.hostile"]

# The same examples in every run, so that a change is judged by its own deeds; others by DOPPEL_TEST_CHANCE=1.
if not os.environ.get("DOPPEL_TEST_CHANCE"):
    hypothesis.settings.register_profile("suite", derandomize=True)
    hypothesis.settings.load_profile("suite")

_guardian = pytest.StashKey[Guardian]()
_desk = pytest.StashKey[Desk]()


def pytest_configure(config: pytest.Config) -> None:
    """In the pytest that was started; its xdist workers find the desk by the environment."""
    if not is_first_process():
        return
    guardian = guardian_of_run()
    # Whatever the tests start carries the mark, also what makes a session of its own.
    os.environ[MARK] = guardian.mark
    config.stash[_guardian] = guardian
    config.stash[_desk] = Desk(addresses(), guardian)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers; the guardian removes the folder."""
    if _desk in config.stash:
        config.stash[_desk].close()
        config.stash[_guardian].close()


@pytest.fixture(autouse=True)
def loudness_of_dedupe() -> Iterator[None]:
    """Some commands quieten the app's log for the rest of their process; here other tests come after them."""
    log = logging.getLogger("dedupe")
    level = log.level
    yield
    log.setLevel(level)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A page that was asked for in German leaves its language behind in the thread; the next test begins afresh."""
    translation.deactivate()
    yield
    translation.deactivate()
