"""The embedders of the settings, made once a process, and what they make of a picture.

Nothing that an embedder does wrong costs more than its own route: it is logged, and the route is named among those
that were not searched.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.signals import setting_changed

from dedupe.conf import conf
from dedupe.embedding import (
    Embedder,
    EmbedderFailed,
    EmbedderMisconfigured,
    EmbedderSpec,
    Value,
    View,
    checked,
    make_embedder,
    read_view,
)

log = logging.getLogger(__name__)

ROUTE = "embedding:"
"""The names of these routes begin so."""
SHOWN_TO_EMBEDDERS = ("view", "large")
"""The kinds of rendition that an embedder may be shown, the best first."""


@dataclass(frozen=True)
class Broken:
    """An entry of the settings from which no embedder could be made: the path of its class, and why."""

    path: str
    reason: str

    @property
    def route(self) -> str:
        return ROUTE + self.path


@dataclass(frozen=True)
class Configured:
    """The embedders of the settings: those that could be made, and those that could not."""

    embedders: tuple[Embedder, ...]
    broken: tuple[Broken, ...]


@dataclass(frozen=True)
class Embedded:
    """What one embedder made of one picture; ``value`` is None when there is too little in it to compare."""

    embedder: Embedder
    value: Value | None

    @property
    def route(self) -> str:
        return ROUTE + self.embedder.name


@dataclass(frozen=True)
class Embeddings:
    """What all embedders made of one picture, and the routes of those that failed."""

    made: tuple[Embedded, ...] = ()
    failed: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def configured() -> Configured:
    """Make the embedders of the settings. One that cannot be made is logged, once a process, and left out."""
    embedders: list[Embedder] = []
    broken: list[Broken] = []
    for spec in conf().embedders:
        try:
            embedders.append(_new(spec, embedders))
        except EmbedderMisconfigured as error:
            log.error("An embedder is left out: %s", error)
            broken.append(Broken(spec.path, str(error)))
    return Configured(tuple(embedders), tuple(broken))


def _new(spec: EmbedderSpec, before: list[Embedder]) -> Embedder:
    embedder = make_embedder(spec)
    if any((embedder.name, embedder.version) == (other.name, other.version) for other in before):
        raise EmbedderMisconfigured(
            f"{spec.path}: there is an embedder {embedder.name!r} of version {embedder.version} already"
        )
    return embedder


def embed_view(rgb: View) -> Embeddings:
    """Ask every configured embedder about a view, uint8[h, w, 3]. Never raises for a fault of an embedder."""
    made: list[Embedded] = []
    failed = [each.route for each in configured().broken]
    for embedder in configured().embedders:
        try:
            made.append(embed_with(embedder, rgb))
        except EmbedderFailed:
            failed.append(ROUTE + embedder.name)
    return Embeddings(tuple(made), tuple(failed))


def embed_rendition(data: bytes) -> Embeddings:
    """``embed_view`` of the bytes of a rendition that we made; without embedders it is not even decoded."""
    return embed_view(read_view(data)) if conf().embedders else Embeddings()


def embed_with(embedder: Embedder, rgb: View) -> Embedded:
    """Ask one embedder about a view. Whatever goes wrong is logged and raised as EmbedderFailed."""
    try:
        value = embedder.embed(rgb)
        return Embedded(embedder, None if value is None else checked(embedder, value))
    except EmbedderFailed as error:
        log.warning("Embedder %s failed: %s", embedder.name, error)
        raise
    except Exception as error:  # an embedder is a stranger's code
        log.warning("Embedder %s failed", embedder.name, exc_info=True)
        raise EmbedderFailed(str(error)) from error


def _forget(*, setting: str, **_: Any) -> None:
    if setting == "DEDUPE":
        configured.cache_clear()


setting_changed.connect(_forget)
