"""Originals and renditions in storage: private bytes as they came, and public images that we made.

Two storages are named in ``settings.STORAGES``: ``originals`` and ``renditions``. They may be folders or buckets.
Names are random (originals) or given by the content (renditions); nothing that a person typed reaches a name.
"""

from __future__ import annotations

import hashlib
import io
import logging
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, storages

from dedupe.breaker import Breaker, Circuit, LeftAlone
from dedupe.conf import conf
from dedupe.imaging import Rendition
from dedupe.measures import Stage, Trouble, breaker_opened, storage_failed, timed

log = logging.getLogger(__name__)

_breaker = Breaker()
_CHUNK = 1 << 20


class StorageUnavailable(Exception):
    """The storage did not answer, or not in time."""


@dataclass(frozen=True)
class StoredOriginal:
    """Where the bytes are, and what was counted while they were written."""

    key: str
    checksum: str
    size_bytes: int


def originals() -> Storage:
    return storages["originals"]


def renditions() -> Storage:
    return storages["renditions"]


@dataclass
class _Patience:
    """The seconds that storage may still take in one piece of work."""

    seconds: float


_patience: ContextVar[_Patience | None] = ContextVar("_patience", default=None)


@contextmanager
def taking_at_most(seconds: float) -> Iterator[None]:
    """Within, all calls to storage together may take so long; the next one after that raises StorageUnavailable.

    Each call has time limits of its own. A storage that is merely slow meets none of them, and would use up the
    time of whoever calls it many times.
    """
    token = _patience.set(_Patience(seconds))
    try:
        yield
    finally:
        _patience.reset(token)


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turn what the storage libraries raise into StorageUnavailable; a missing file stays FileNotFoundError.

    A service that did not answer some times in a row is left alone for a while: callers then learn at once, and not
    after all time-outs, that it is unavailable.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    patience = _patience.get()
    if patience is not None and patience.seconds <= 0:
        raise StorageUnavailable("it is too slow")
    _ask_leave()
    started = time.monotonic()
    try:
        yield
    except FileNotFoundError:
        _breaker.note_answer()
        raise
    except ClientError as error:
        _note_failure(error.response["ResponseMetadata"]["HTTPStatusCode"])
        raise StorageUnavailable(str(error)) from error
    except (OSError, BotoCoreError) as error:
        _note_failure(status=0)
        raise StorageUnavailable(str(error)) from error
    except BaseException:
        _breaker.note_nothing()
        raise
    finally:
        if patience is not None:
            patience.seconds -= time.monotonic() - started
    _breaker.note_answer()


def _is_service() -> bool:
    """Whether pictures are kept by a service, which may let one wait. A folder fails at once, or not at all."""
    return not isinstance(originals(), FileSystemStorage)


def _ask_leave() -> None:
    deadlines = conf().deadlines
    try:
        if _is_service():
            _breaker.ask_leave(deadlines.storage_failures, deadlines.storage_pause_seconds)
    except LeftAlone as error:
        storage_failed.send(StorageUnavailable, trouble=Trouble.LEFT_ALONE)
        raise StorageUnavailable("It did not answer a moment ago, and is left alone for a while.") from error


def _note_failure(status: int) -> None:
    """``status`` is that of the service's answer, 0 for none. A no, 4xx, is an answer like others to the breaker."""
    storage_failed.send(StorageUnavailable, trouble=Trouble.REFUSED if status else Trouble.SILENT)
    if 400 <= status < 500:
        _breaker.note_answer()
        return
    deadlines = conf().deadlines
    if _is_service() and _breaker.note_failure(deadlines.storage_failures, deadlines.storage_pause_seconds):
        log.error("The picture store is left alone for %d s", deadlines.storage_pause_seconds)
        breaker_opened.send(StorageUnavailable)


def circuit() -> Circuit:
    """How the breaker of this process stands."""
    return _breaker.state(conf().deadlines.storage_failures)


def checksum_of(stream: IO[bytes]) -> str:
    """The SHA-256 of a seekable stream, in hexadecimal; the stream stands at its start again."""
    digest = hashlib.sha256()
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
    stream.seek(0)
    return digest.hexdigest()


def store_original(stream: IO[bytes]) -> StoredOriginal:
    """Write the bytes under a random name and hash them on the way. Raises StorageUnavailable."""
    checksum = checksum_of(stream)
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    name = secrets.token_hex(16)
    with storage_errors():
        key = originals().save(f"{name[:2]}/{name}", File(stream))
    return StoredOriginal(key, checksum, size)


@contextmanager
def local_copy(key: str) -> Iterator[tuple[Path, str]]:
    """Yield the path of a temporary copy of an original, and the checksum of the bytes that arrived.

    Raises StorageUnavailable, or FileNotFoundError when there is no such object.
    """
    with ExitStack() as stack:
        with storage_errors():
            # Without a buffer, whose rest would be written once more at its end, and fail once more on a full disk.
            copy = stack.enter_context(tempfile.NamedTemporaryFile(prefix="doppel-", buffering=0))
        digest = hashlib.sha256()
        with timed(Stage.FETCH), storage_errors(), originals().open(key, "rb") as source:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                _write_all(copy, chunk)
        yield Path(copy.name), digest.hexdigest()


def _write_all(file: IO[bytes], data: bytes) -> None:
    """A file without a buffer may take less than it is given."""
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def store_rendition(public_id: str, rendition: Rendition) -> str:
    """Write a rendition under the name that its content gives, once. Returns the name. Raises StorageUnavailable."""
    digest = hashlib.sha256(rendition.data).hexdigest()[:20]
    extension = rendition.mime.partition("/")[2]
    key = f"{digest[:2]}/{public_id}-{rendition.kind}-{digest}.{extension}"
    with storage_errors():
        if not _is_whole(key, len(rendition.data)):
            renditions().delete(key)
            renditions().save(key, ContentFile(rendition.data))
    return key


def _is_whole(key: str, size: int) -> bool:
    """Whether a rendition is there; a worker that was killed while it wrote into a folder leaves a part of one."""
    return renditions().exists(key) and renditions().size(key) == size


def read_rendition(key: str) -> bytes:
    """The bytes of a rendition. Raises StorageUnavailable, or FileNotFoundError when there is no such object."""
    with storage_errors(), renditions().open(key, "rb") as source:
        data: bytes = source.read()
        return data


def delete_original(key: str) -> None:
    """Remove an original; one that is gone already is no error. Raises StorageUnavailable."""
    with storage_errors():
        originals().delete(key)


def delete_rendition(key: str) -> None:
    """Remove a rendition; one that is gone already is no error. Raises StorageUnavailable."""
    with storage_errors():
        renditions().delete(key)
