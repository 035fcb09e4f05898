"""The locks name each extra that anything in them asks for.

An older pip that meets ``coverage[toml]>=7.10`` while the lock pins ``coverage`` alone takes the newest release, which
has no hash in the lock: the day a newer one appears, a fresh machine can install nothing.
"""

from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ["requirements.txt", "requirements/embedded.txt", "requirements/dev.txt"]


def pinned(lock: str) -> list[Requirement]:
    lines = (ROOT / lock).read_text().splitlines()
    return [Requirement(line.rstrip(" \\")) for line in lines if line[:1].isalnum()]


def asked_by(package: Requirement) -> list[Requirement]:
    """What the installed package asks for here, with the extras that its lock names."""
    try:
        wanted = [Requirement(line) for line in requires(package.name) or []]
    except PackageNotFoundError:  # of another system
        return []
    extras = ["", *package.extras]
    return [
        each for each in wanted if not each.marker or any(each.marker.evaluate({"extra": e}) for e in extras)
    ]


def test_locks_name_the_extras_that_their_packages_ask_for() -> None:
    packages = [package for lock in LOCKS for package in pinned(lock)]
    named: dict[str, set[str]] = {}
    for package in packages:
        named.setdefault(canonicalize_name(package.name), set()).update(package.extras)
    missing = [
        f"{package.name} asks for {asked}"
        for package in packages
        for asked in asked_by(package)
        if not asked.extras <= named.get(canonicalize_name(asked.name), set())
    ]
    assert missing == []


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_pin_every_package_to_one_release(lock: str) -> None:
    packages = pinned(lock)

    assert packages
    assert [p.name for p in packages if [s.operator for s in p.specifier] != ["=="]] == []
