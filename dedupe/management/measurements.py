"""What the commands that measure in a scratch site share: the site, its end in words, progress, and the JSON."""

from __future__ import annotations

import json
import logging
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, OutputWrapper

from dedupe.evaluation.scratch import NoScratchDatabase, scratch_site

Progress = Callable[[int, int], None]
"""Told how many are done, of how many."""


@contextmanager
def measuring_in_scratch() -> Iterator[None]:
    """A scratch site, quiet but for errors. Raises CommandError when none can be made, and when it is interrupted."""
    logging.getLogger("dedupe").setLevel(logging.ERROR)  # of each picture the report tells what there is
    try:
        with scratch_site():
            yield
    except NoScratchDatabase as error:
        raise CommandError(f"No scratch database could be made: {error}") from error
    except KeyboardInterrupt as error:
        raise CommandError("Interrupted. The scratch database is removed.", returncode=130) from error


def announce(stream: OutputWrapper, what: str, every: int) -> Progress:
    """Progress drawn over and over on a terminal; elsewhere a line after so many, and at the end."""

    def show(done: int, total: int) -> None:
        if stream.isatty():
            stream.write(f"\r{what}: {done:,}/{total:,}", ending="\n" if done == total else "")
            stream.flush()
        elif done == total or done % every == 0:
            stream.write(f"{what}: {done:,}/{total:,}")

    return show


def add_json(parser: ArgumentParser) -> None:
    """The option ``--json FILE``, as ``output``."""
    parser.add_argument(
        "--json", type=Path, dest="output", metavar="FILE", help="also write everything to this file"
    )


def check_output(file: Path | None) -> None:
    """Raise CommandError before anything is measured that could not be written."""
    if file and not file.parent.is_dir():
        raise CommandError(f"{file.parent} is not a folder: nothing could be written there.")


def write_json(file: Path, value: dict[str, Any]) -> None:
    """Write a document as JSON. Raises CommandError when the file cannot be written."""
    try:
        file.write_text(json.dumps(value, indent=1) + "\n")
    except OSError as error:
        raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
