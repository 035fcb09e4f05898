"""One file, taken as a worker takes an upload: stored, claimed, decoded in the jail, written down, published."""

from __future__ import annotations

import io
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from dedupe import storage, workflow
from dedupe.errors import Conflict
from dedupe.jail import client, connection
from dedupe.jail.protocol import Caps, Ending
from dedupe.models import Picture, State
from dedupe.search import Query
from dedupe.workflow import analysis

_KIB = 1 if sys.platform == "darwin" else 1024
_HUNG = Caps().wall_seconds + 10


@dataclass(frozen=True)
class File:
    """What is taken: its name, and how its bytes are made."""

    name: str
    make: Callable[[], bytes]


@dataclass(frozen=True)
class Taken:
    """What became of one file. Memory in bytes, times in seconds; ``child`` is 0 where no child was needed."""

    name: str
    state: str
    refusal: str
    seconds: float
    child: int
    worker: int
    process: int
    zygote: int

    @property
    def hung(self) -> bool:
        """Whether it took longer than the jail allows."""
        return self.seconds > _HUNG


def take(file: File) -> Taken:
    """Take one file to its end; its bytes are removed again."""
    data = file.make()
    with _endings() as endings:
        started = time.monotonic()
        picture = workflow.submit_picture(None, io.BytesIO(data), size=len(data), file_name=file.name)
        if picture.state == State.STAGED:
            workflow.analyse_picture(picture.pk, then=_publish)
        seconds = time.monotonic() - started
    picture.refresh_from_db()
    _remove_bytes(picture)
    running = connection._jail.connection
    return Taken(
        name=file.name,
        state=picture.state,
        refusal=picture.refusal,
        seconds=seconds,
        child=max((ending.peak_memory_bytes for ending in endings), default=0),
        worker=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB,
        process=os.getpid(),
        zygote=running.process.pid if running is not None else 0,
    )


@contextmanager
def _endings() -> Iterator[list[Ending]]:
    """How the children ended that this process asks for meanwhile."""
    found: list[Ending] = []

    def remember(*arguments: Any) -> tuple[bytes, Ending]:
        answer, ending = connection.ask(*arguments)
        found.append(ending)
        return answer, ending

    with patch.object(client, "ask", remember):
        yield found


def _publish(picture: Picture, query: Query) -> None:
    """Without asking about look-alikes, which all of these are; the same bytes once more lead to the first."""
    try:
        analysis.publish_unasked(picture, query)
    except Conflict:
        analysis.settle_claimed(picture, query)


def _remove_bytes(picture: Picture) -> None:
    """Thousands of files would fill the disk. A row that did not end keeps its own."""
    if picture.state in {State.STAGED, State.ANALYSING} or not picture.storage_key:
        return
    storage.delete_original(picture.storage_key)
    for rendition in picture.renditions.all():
        storage.delete_rendition(rendition.key)
