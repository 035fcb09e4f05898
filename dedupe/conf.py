"""The settings of the app: one frozen object, read from ``settings.DEDUPE``.

Every window, threshold and deadline that decides who is asked and when stands here, so that the statistics
page can show them with their values.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed

from dedupe.embedding import EmbedderSpec


@dataclass(frozen=True)
class Matching:
    """Who is asked. Distances are in bits, windows in the unit of their field."""

    ask_probability: float = 0.5
    """Ask when the comparison gives at least this probability (inclusive)."""
    confident_probability: float = 0.95
    """Call a match confident from this probability on, if it claims the same picture: overriding it opens a case."""
    verified_candidates: int = 12
    """At most this many candidates are compared for real with one upload."""
    candidate_distance: int = 96
    """Compare what the index routes find when at most this many of the 256 bits of the DCT hash differ (inclusive)."""
    least_votes: int = 2
    """Compare what the words route finds when at least this many words stand in one arrangement (inclusive)."""
    window_route: bool = True
    """Whether pictures of like brightness and shape are looked for."""
    hash_route: bool = True
    """Whether pictures of a like perceptual hash are looked for."""
    words_route: bool = True
    """Whether pictures that share local features are looked for: crops, screenshots, captions."""
    embedding_routes: bool = True
    """Whether the configured embedders are asked."""
    phash_distance: int = 10
    """Take a candidate from the multi-index when at most this many of 64 bits differ (inclusive)."""
    window_intensity: float = 0.0125
    """Half-width of the window on each quadrant's intensity, 0 to 1."""
    window_aspect: float = 0.0125
    """Half-width of the window on ln(width/height)."""
    turned: bool = True
    """Whether the index routes look for turned and mirrored pictures too: most of the work of a search."""
    probe_limit: int = 4000
    """At most so many entries are read in each place of the hash index; more are said to be cut."""
    window_limit: int = 200
    """At most so many entries are read in each place of the window's index; more are said to be cut."""
    words_postings: int = 400_000
    """At most so many entries of the posting lists are read for one picture, those of its rarest words first."""
    words_library: int = 20_000_000
    """In a library of more pictures the words route is not searched, and each check says so."""
    branch_limit: int = 100
    """At most this many candidates come from each branch of the query."""
    shown_matches: int = 10
    """At most this many matches are shown with one upload."""
    statement_timeout_ms: int = 2000
    """The candidate query is given up after this time, and the check counts as failed, never as empty."""

    @property
    def version(self) -> str:
        """A short name for these values, kept with every match that they decided."""
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:8]


@dataclass(frozen=True)
class Deadlines:
    """How long things may take, and how long they are kept."""

    lease_seconds: int = 60
    """A worker that claimed a picture and was not heard of for so long has lost it."""
    max_attempts: int = 3
    """An analysis that took its worker down so many times is given up."""
    ring_again_seconds: int = 20
    """A staged picture that nobody claimed for so long is announced to the workers again."""
    answer_days: int = 14
    """A question left unanswered for so long lets the upload expire."""
    retention_days: int = 30
    """The bytes of withdrawn, expired and removed pictures are kept so long, and a decision can be undone."""
    orphan_grace_seconds: int = 3600
    """An object in storage without a row is removed once it is older than this."""
    full_size_days: int = 7
    """A full-size copy, which was made for somebody who looked closely, is kept so long."""
    claim_minutes: int = 10
    """A reviewer's claim on a case lapses after this time."""
    storage_failures: int = 3
    """A picture store that does not answer so many times in a row is left alone for a while (a folder never is)."""
    storage_pause_seconds: int = 10
    """So long; then one call tries it again."""

    @property
    def retention(self) -> timedelta:
        return timedelta(days=self.retention_days)


@dataclass(frozen=True)
class Reviewing:
    """What comes to the review queue by itself. Shares are 0 to 1."""

    sample_share: float = 0.02
    """So large a share of the uploaders' answers that a sure match is the same picture is given to staff, blind."""
    expiring_share: float = 0.8
    """A question left unanswered for so large a part of its time is put to staff."""


@dataclass(frozen=True)
class Receiving:
    """Uploads whose bytes do not come with the request: sent to a key of their own, or fetched from an address."""

    presign_seconds: int = 900
    """So long the bytes of an announced upload may be sent."""
    upload_by_url: bool = True
    """Whether pictures are fetched from addresses on the web."""
    fetch_seconds: int = 20
    """All that a fetch may take: names, connections, redirects and bytes. A worker's lease must outlast it."""


@dataclass(frozen=True)
class Conf:
    """Everything an operator may set."""

    matching: Matching
    deadlines: Deadlines
    reviewing: Reviewing = Reviewing()
    receiving: Receiving = Receiving()
    embedders: tuple[EmbedderSpec, ...] = ()
    """Further embedders, in the order of the settings; none as it comes."""


@lru_cache(maxsize=1)
def conf() -> Conf:
    """Return the settings in force.

    Raises ImproperlyConfigured when ``settings.DEDUPE`` names something that does not exist.
    """
    given = {str(key).lower(): value for key, value in getattr(settings, "DEDUPE", {}).items()}
    matching = Matching(**_taken(given, Matching))
    deadlines = Deadlines(**_taken(given, Deadlines))
    reviewing = Reviewing(**_taken(given, Reviewing))
    receiving = Receiving(**_taken(given, Receiving))
    embedders = _embedders(given.pop("embedders", []))
    if given:
        raise ImproperlyConfigured(f"DEDUPE has settings that do not exist: {', '.join(sorted(given))}")
    return Conf(matching, deadlines, reviewing, receiving, embedders)


def _taken(given: dict[str, Any], group: type[Any]) -> dict[str, Any]:
    """Take out of ``given`` what belongs to a group."""
    return {field.name: given.pop(field.name) for field in fields(group) if field.name in given}


def _embedders(given: object) -> tuple[EmbedderSpec, ...]:
    """Read the list of embedders, given as it is or as JSON. Their classes are not looked at yet."""
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except ValueError as error:
            raise ImproperlyConfigured(f"DEDUPE: the embedders are not written as JSON: {error}") from error
    if not isinstance(given, list | tuple):
        raise ImproperlyConfigured("DEDUPE: the embedders must be a list.")
    return tuple(_embedder(entry) for entry in given)


def _embedder(entry: object) -> EmbedderSpec:
    if not isinstance(entry, dict) or not set(entry) <= {"class", "options"}:
        raise ImproperlyConfigured(
            'DEDUPE: an embedder is written {"class": "a.dotted.Path", "options": {…}}.'
        )
    path, options = entry.get("class"), entry.get("options", {})
    if not isinstance(path, str) or not isinstance(options, dict):
        raise ImproperlyConfigured("DEDUPE: an embedder has a class, which is a text, and options by name.")
    return EmbedderSpec(path, options)


def _forget(*, setting: str, **_: object) -> None:
    if setting == "DEDUPE":
        conf.cache_clear()


setting_changed.connect(_forget)
