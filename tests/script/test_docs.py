"""The operator's table of settings is complete and true."""

import re
from dataclasses import asdict

import pytest

from dedupe.conf import conf
from script.supervisor.places import ROOT

TABLE = (ROOT / "docs/operating.md").read_text()
SETTINGS = (ROOT / "board/settings.py").read_text()
NAMES = sorted(set(re.findall(r'"((?:DOPPEL_\w+|DATABASE_URL|REDIS_URL))"', SETTINGS)))
TUNED = {**asdict(conf().matching), **asdict(conf().deadlines)}


@pytest.mark.parametrize("name", NAMES)
def test_a_setting_is_in_the_table(name: str) -> None:
    assert re.search(rf"^\|.*`{name}`", TABLE, re.MULTILINE)


@pytest.mark.parametrize("name", sorted(TUNED))
def test_the_default_of_the_table_is_the_one_in_force(name: str) -> None:
    row = re.search(rf"^\|[^|]*`DOPPEL_{name.upper()}`[^|]*\|([^|]*)\|", TABLE, re.MULTILINE)
    assert row is not None
    assert f"`{TUNED[name]}`" in row[1]
