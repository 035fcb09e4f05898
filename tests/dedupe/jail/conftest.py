"""A picture, a slow one, and the zygote that works on them."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from dedupe.imaging import Refused
from dedupe.jail import connection
from dedupe.jail.client import Caps, analyse_file
from tests import pictures as p


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    file = tmp_path / "picture"
    file.write_bytes(p.encoded(p.landscape(), "JPEG"))
    return file


@pytest.fixture(scope="session")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Dozens of scans over noise: allowed by its header, but it takes its time."""
    noise = Image.effect_noise((3000, 3000), 100)
    data = p.encoded(noise, "JPEG", progressive=True, quality=95)
    last = data.rindex(b"\xff\xda")
    file = tmp_path_factory.mktemp("jail") / "slow"
    file.write_bytes(data[:last] + data[last:-2] * 25 + data[-2:])
    return file


def refusal(path: Path, **caps: float) -> Refused:
    with pytest.raises(Refused) as caught:
        analyse_file(path, caps=Caps(**caps))  # type: ignore[arg-type]
    return caught.value


def zygote_pid() -> int:
    """Of the zygote that works for this process."""
    assert connection._jail.connection is not None
    return connection._jail.connection.process.pid


def wait_until(true: Callable[[], bool], seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    return true()
