"""From the name of a class and its options to an embedder that can be relied on."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from .interface import Embedder, EmbedderMisconfigured, Kind

_NAME = re.compile(r"[a-z0-9-]{1,32}")
_SIZES = {Kind.BITS: (64, 65536), Kind.VECTOR: (2, 4096)}


@dataclass(frozen=True)
class EmbedderSpec:
    """One entry of the settings: the dotted path of a class, and what its ``__init__`` gets by name."""

    path: str
    options: Mapping[str, Any] = field(default_factory=dict)


def make_embedder(spec: EmbedderSpec) -> Embedder:
    """Import the class and make the embedder. Raises EmbedderMisconfigured, with the path and the reason."""
    try:
        embedder = _class(spec.path)(**spec.options)
        _check(embedder)
    except EmbedderMisconfigured as error:
        raise EmbedderMisconfigured(f"{spec.path}: {error}") from error
    except Exception as error:  # whatever a stranger's class raises, the operator is told which entry it was
        raise EmbedderMisconfigured(f"{spec.path} could not be made: {error}") from error
    return embedder


def _class(path: str) -> type[Embedder]:
    module, _, name = path.rpartition(".")
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise EmbedderMisconfigured(f"there is no such class ({error})") from error
    if not (isinstance(found, type) and issubclass(found, Embedder)):
        raise EmbedderMisconfigured("this is not an embedder: it must inherit from dedupe.embedding.Embedder")
    return found


def _check(embedder: Embedder) -> None:
    """Raise EmbedderMisconfigured unless every attribute is in its range."""
    missing = [
        name for name in ("name", "version", "kind", "size", "ask_distance") if not hasattr(embedder, name)
    ]
    if missing:
        raise EmbedderMisconfigured(f"the class does not say its {', '.join(missing)}")
    if not isinstance(embedder.name, str) or not _NAME.fullmatch(embedder.name):
        raise EmbedderMisconfigured("name must be 1 to 32 small letters, digits and hyphens")
    if not _whole(embedder.version, 1, 32767):
        raise EmbedderMisconfigured("version must be a whole number from 1 to 32767")
    if embedder.kind not in _SIZES:
        raise EmbedderMisconfigured("kind must be Kind.BITS or Kind.VECTOR")
    least, most = _SIZES[embedder.kind]
    if not _whole(embedder.size, least, most) or (embedder.kind is Kind.BITS and embedder.size % 8):
        whole_bytes = " and a multiple of 8" if embedder.kind is Kind.BITS else ""
        raise EmbedderMisconfigured(f"size must be a whole number from {least} to {most}{whole_bytes}")
    distance = embedder.ask_distance
    if isinstance(distance, bool) or not isinstance(distance, int | float) or not 0 <= distance < math.inf:
        raise EmbedderMisconfigured("ask_distance must be a number, 0 or more")


def _whole(number: object, least: int, most: int) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and least <= number <= most
