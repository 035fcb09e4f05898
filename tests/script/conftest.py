"""A folder for a site's data that the account of Postgres can enter, like the folder of a checkout."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.addresses import Addresses


@pytest.fixture
def var(servers: Addresses) -> Iterator[Path]:
    """Empty."""
    folder = Path(tempfile.mkdtemp(prefix="var-", dir=servers.folder))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
