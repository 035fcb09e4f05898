"""Puts the gates into the functions of this process."""

import functools
import importlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.apps import AppConfig

_LONGEST = 60.0

BEFORE = {
    "announce": ("dedupe.workflow.submission", "ring"),
    "claim": ("dedupe.workflow.analysis", "claim"),
    "fetch": ("dedupe.storage", "local_copy"),
    "decode": ("dedupe.workflow.numbers", "analyse_file"),
    "store": ("dedupe.storage", "store_rendition"),
    "write": ("dedupe.workflow.analysis", "keep_numbers"),
    "search": ("dedupe.workflow.publication", "find_look_alikes"),
    "verify": ("dedupe.search.comparisons", "compare_views"),
    "settle": ("dedupe.workflow.analysis", "settle"),
    "decide": ("dedupe.workflow.answers", "redirect"),
}
AFTER = {
    "put": ("dedupe.storage", "store_original"),
    "settled": ("dedupe.workflow.analysis", "settle_claimed"),
    "decided": ("dedupe.workflow.answers", "_record"),
}
"""By the name of the step: the function, by its module and its name there."""


class GatesConfig(AppConfig):
    """The app of the gates."""

    name = "tests.integration.gates"
    label = "gates"

    def ready(self) -> None:
        folder = Path(os.environ["DOPPEL_TEST_GATES"])
        for step, (module, name) in (BEFORE | AFTER).items():
            _put_gate(importlib.import_module(module), name, functools.partial(pass_gate, folder, step), step)


def _put_gate(module: Any, name: str, gate: Callable[[], None], step: str) -> None:
    function = getattr(module, name)

    @functools.wraps(function)
    def gated(*arguments: Any, **named: Any) -> Any:
        if step in BEFORE:
            gate()
        result = function(*arguments, **named)
        if step in AFTER:
            gate()
        return result

    setattr(module, name, gated)


def pass_gate(folder: Path, step: str) -> None:
    """Go on at once, or, when a test has closed this gate, say that we are here and wait. The next one passes."""
    here = folder / f"at-{step}-{os.getpid()}"
    try:
        (folder / f"closed-{step}").rename(here)
    except FileNotFoundError:
        return
    deadline = time.monotonic() + _LONGEST
    while here.exists() and time.monotonic() < deadline:
        time.sleep(0.005)
