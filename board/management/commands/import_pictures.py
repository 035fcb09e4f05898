"""``manage.py import_pictures DIR --owner NAME``: submit every file of a folder; the workers do the rest."""

from __future__ import annotations

import hashlib
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from board.models import User
from dedupe.imaging import Refusal
from dedupe.models import Picture, State
from dedupe.storage import StorageUnavailable
from dedupe.workflow import submit_picture

_BAR = 30


class Command(BaseCommand):
    help = (
        "Uploads every file of a folder and its subfolders for one owner. Files that this owner has uploaded before "
        "are skipped, so a broken-off import is resumed by starting it again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder, walked in the order of its names")
        parser.add_argument("--owner", required=True, help="the name of the account that uploads")

    def handle(self, *args: Any, folder: Path, owner: str, **options: Any) -> None:
        user = User.objects.filter(username__iexact=owner).first()
        if user is None:
            raise CommandError(f"There is no account named {owner}.")
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        files = list(files_under(folder))
        counts: Counter[str] = Counter()
        for number, path in enumerate(files, start=1):
            counts[self._take(user, path)] += 1
            self._show_progress(number, len(files))
        self._summarise(counts)

    def _take(self, user: User, path: Path) -> str:
        """Submit one file and return what became of it. Nothing that is wrong with a file ends the import."""
        try:
            if already_uploaded(user, path):
                return "uploaded before"
            with path.open("rb") as stream:
                picture = submit_picture(user, stream, size=path.stat().st_size, file_name=path.name)
        except StorageUnavailable as error:
            raise CommandError(
                f"The picture store does not answer: {error}. Start again to go on."
            ) from error
        except OSError as error:
            self._complain(path, f"cannot be read: {error.strerror}")
            return "not readable"
        if picture.state == State.REJECTED:
            self._complain(path, Refusal(picture.refusal).message)
            return "refused"
        return "submitted"

    def _complain(self, path: Path, why: str) -> None:
        self._clear_progress()
        self.stderr.write(f"{str(path)!r}: {why}")

    def _show_progress(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            filled = _BAR * done // total
            self.stderr.write(f"\r[{'#' * filled}{' ' * (_BAR - filled)}] {done}/{total}", ending="")
            self.stderr.flush()

    def _clear_progress(self) -> None:
        if sys.stderr.isatty():
            self.stderr.write("\r\033[K", ending="")

    def _summarise(self, counts: Counter[str]) -> None:
        self._clear_progress()
        for what in ("submitted", "uploaded before", "refused", "not readable"):
            self.stdout.write(f"{counts[what]:>6}  {what}")
        if counts["submitted"]:
            self.stdout.write("The workers compare them now; what is asked stands among the owner's uploads.")


def files_under(folder: Path) -> Iterator[Path]:
    """Every regular file below a folder, in the order of the names; links to elsewhere are not followed."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path


def already_uploaded(user: User, path: Path) -> bool:
    """Whether this person has submitted these bytes before, whatever became of them."""
    with path.open("rb") as stream:
        checksum = hashlib.file_digest(stream, "sha256").hexdigest()
    return Picture.objects.filter(owner=user, checksum=checksum).exists()
