"""Asking what an uploader of a file would be shown, by the search that uploads use."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from dedupe.conf import conf
from dedupe.evaluation.laying import refusal_in_words
from dedupe.imaging import Analysis, Refused
from dedupe.jail.client import ChildKilled, JailUnavailable, analyse_file
from dedupe.models import Picture
from dedupe.search import LookAlikes, SearchFailed, find_look_alikes, query_of, query_of_analysis


@dataclass(frozen=True)
class Question:
    """A file to ask about. With ``picture_id`` it is stored, and left out of its own search."""

    name: str
    path: Path
    picture_id: int | None = None


@dataclass(frozen=True)
class Suggestion:
    """One look-alike that was found."""

    picture_id: int
    rank: int
    """From 1."""
    visible: bool
    """Whether the uploader sees it: only the first ``shown_matches`` are shown."""
    relation: str
    kind: str
    """What the relation claims: ``same`` or ``variant``."""
    probability: float
    distance: int
    routes: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """The answer to a question, with its times; ``problem`` says why there is none."""

    name: str
    found: tuple[Suggestion, ...] = ()
    too_little_detail: bool = False
    problem: str = ""
    unreadable: bool = False
    analysis_seconds: float | None = None
    """Reading the file in the jail; None for a stored picture, whose numbers are known."""
    search_seconds: float | None = None
    search_cpu_seconds: float | None = None
    """Processor time of this process, not of Postgres."""

    @property
    def shown(self) -> tuple[Suggestion, ...]:
        """What the uploader sees of it."""
        return tuple(each for each in self.found if each.visible)


@dataclass(frozen=True)
class _Subject:
    """What is looked for, and the seconds that reading it took."""

    source: Picture | Analysis
    analysis_seconds: float | None = None


def ask(question: Question) -> Asked:
    """Read, search, and say what would be shown. Nothing is stored."""
    try:
        subject = _subject(question)
    except (Refused, OSError, ChildKilled, JailUnavailable) as error:
        return Asked(question.name, problem=_in_words(error), unreadable=True)
    started, started_cpu = time.perf_counter(), time.process_time()
    try:
        found = look_alikes_of(subject.source)
    except SearchFailed as error:
        return Asked(question.name, problem=f"the search failed: {error}")
    return Asked(
        name=question.name,
        found=_suggestions(found),
        too_little_detail=found.too_little_detail,
        analysis_seconds=subject.analysis_seconds,
        search_seconds=time.perf_counter() - started,
        search_cpu_seconds=time.process_time() - started_cpu,
    )


def look_alikes_of(source: Picture | Analysis) -> LookAlikes:
    """The search that an upload of this picture starts. Raises SearchFailed.

    The one place of the evaluation that builds a query and calls the search.
    """
    if isinstance(source, Picture):
        query = query_of(source)
        assert query is not None, "a live picture has a fingerprint"
    else:
        query = query_of_analysis(source)
    return find_look_alikes(query, conf().matching)


def _subject(question: Question) -> _Subject:
    if question.picture_id is not None:
        return _Subject(Picture.objects.get(pk=question.picture_id))
    started = time.perf_counter()
    analysis = analyse_file(question.path).analysis
    return _Subject(analysis, time.perf_counter() - started)


def _in_words(error: Exception) -> str:
    if isinstance(error, Refused):
        return refusal_in_words(error.refusal.value, error.detail)
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror}"
    return str(error)


def _suggestions(found: LookAlikes) -> tuple[Suggestion, ...]:
    visible = conf().matching.shown_matches
    return tuple(
        Suggestion(
            picture_id=evidence.picture_id,
            rank=rank,
            visible=rank <= visible,
            relation=evidence.relation.value,
            kind="same" if evidence.relation.same_picture else "variant",
            probability=round(evidence.probability, 4),
            distance=evidence.distance,
            routes=evidence.routes,
        )
        for rank, evidence in enumerate(found.found, start=1)
    )
