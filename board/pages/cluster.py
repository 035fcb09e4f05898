"""A cluster on the desk: all its pictures, the one to keep, and what each other one is to it.

What the reviewer has laid out stands in the address, so that every choice is a link and nothing is kept anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from board.pages.cluster_words import (
    CHOICES,
    LATER,
    Member,
    brought_by,
    choices_for,
    comparison_of,
    outcome_of,
)
from board.pages.keeping import best_of
from dedupe.imaging import ASK_PROBABILITY, Relation
from dedupe.models import Case, Match, Picture, Verdict
from dedupe.search import match_at_a_glance
from dedupe.workflow import Cluster
from dedupe.workflow.resolutions import by_age
from dedupe.workflow.ruling import SAYABLE, Ruling


@dataclass(frozen=True)
class Laid:
    """The picture to keep, the one beside it on the stage, and what was said of others; all by their addresses.

    Empty and missing ones are for us to propose. Whatever is not in the cluster is passed over.
    """

    keep: str = ""
    beside: str = ""
    said: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, given: QueryDict) -> Laid:
        known = {*SAYABLE, LATER}
        said = (each.rpartition(".") for each in given.getlist("say")[:50])
        return cls(
            keep=given.get("keep", ""),
            beside=given.get("beside", ""),
            said={name: verdict for name, _, verdict in said if verdict in known},
        )

    @property
    def query(self) -> str:
        """As the end of an address, without a question mark."""
        pairs = [("keep", self.keep), ("beside", self.beside)]
        return urlencode([*pairs, *(("say", f"{name}.{verdict}") for name, verdict in self.said.items())])


def cluster_context(case: Case, cluster: Cluster, laid: Laid, address: str) -> dict[str, Any]:
    """What the desk shows of a case that hangs together with others. Two queries and those of prefetching.

    The two on the stage are compared now if they never were.
    """
    pictures = pictures_of(cluster)
    matches = _matches_among(cluster)
    best, why = best_of(pictures)
    whole = _whole(laid, pictures, matches, best, case)
    members = _members(whole, pictures, address)
    kept = next(each for each in members if each.is_kept)
    beside = next(each for each in members if each.is_beside)
    match = matches.get(frozenset({kept.picture.pk, beside.picture.pk}))
    if match is None:
        match = match_at_a_glance(beside.picture, kept.picture)
    return {
        "case": case,
        "said": _("{count} pictures hang together. Which one stays?").format(count=len(pictures)),
        "cluster": members,
        "beyond": cluster.beyond,
        "brought": brought_by(cluster, pictures),
        "kept": kept,
        "beside": beside,
        "following": _after(beside, members),
        "suggestion": _("We would keep No. {number}: {why}.").format(number=_number(best, pictures), why=why),
        "choices": choices_for(beside, kept, _saying(whole, beside, address)),
        "outcome": outcome_of(members),
        "mine": beside.picture,
        "theirs": kept.picture,
        "here": _at(address, whole),
    } | comparison_of(match, beside, kept)


def pictures_of(cluster: Cluster) -> list[Picture]:
    """The pictures of a cluster with all that is shown of them, the oldest first."""
    rows = Picture.objects.select_related("post", "owner").prefetch_related("renditions")
    return sorted(rows.filter(pk__in=cluster.pictures), key=by_age)


def _matches_among(cluster: Cluster) -> dict[frozenset[int], Match]:
    """What is known of its pairs, each with its two pictures."""
    rows = Match.objects.filter(query__in=cluster.pictures, candidate__in=cluster.pictures)
    return {
        frozenset({each.query_id, each.candidate_id}): each
        for each in rows.select_related("query", "candidate")
    }


def _whole(
    laid: Laid, pictures: list[Picture], matches: Mapping[frozenset[int], Match], best: Picture, case: Case
) -> Laid:
    """What was laid out, and for the rest what we propose."""
    names = [each.public_id for each in pictures]
    keep = laid.keep if laid.keep in names else best.public_id
    others = [each for each in pictures if each.public_id != keep]
    near = next((each.public_id for each in others if each.pk == case.picture_id), others[0].public_id)
    given = laid.said
    kept = next(each for each in pictures if each.public_id == keep)
    return Laid(
        keep=keep,
        beside=laid.beside if laid.beside in names and laid.beside != keep else near,
        said={
            each.public_id: given.get(each.public_id) or _guess(each, kept, matches.values())
            for each in others
        }
        | {name: verdict for name, verdict in given.items() if name == keep},
    )


def _guess(picture: Picture, kept: Picture, matches: Iterable[Match]) -> str:
    """What we would call a picture: by its match with the one that stays, else by the surest with any other."""
    own = [each for each in matches if picture.pk in {each.query_id, each.candidate_id}]
    direct = [each for each in own if kept.pk in {each.query_id, each.candidate_id}]
    match = max(direct or own, key=lambda each: each.probability)
    if match.probability < ASK_PROBABILITY:
        return LATER
    return Verdict.SAME.value if Relation(match.relation).same_picture else Verdict.VARIANT.value


def _members(laid: Laid, pictures: list[Picture], address: str) -> list[Member]:
    return [
        Member(
            number=number,
            picture=each,
            said="" if each.public_id == laid.keep else laid.said[each.public_id],
            is_beside=each.public_id == laid.beside,
            keep=_at(address, _keeping(laid, each.public_id)),
            show=_at(address, replace(laid, beside=each.public_id)),
        )
        for number, each in enumerate(pictures, start=1)
    ]


def _keeping(laid: Laid, name: str) -> Laid:
    """Another one stays. The one that stayed is compared with it, and is the same unless something else was said."""
    said = {laid.keep: Verdict.SAME.value, **laid.said}
    beside = laid.keep if laid.beside == name and laid.keep != name else laid.beside
    return Laid(keep=name, beside=beside, said=said)


def _saying(laid: Laid, beside: Member, address: str) -> dict[str, str]:
    """The addresses that say something else of the picture on the stage."""
    name = beside.picture.public_id
    return {value: _at(address, replace(laid, said={**laid.said, name: value})) for value, _, _ in CHOICES}


def _at(address: str, laid: Laid) -> str:
    return f"{address}{'&' if '?' in address else '?'}{laid.query}"


def _number(picture: Picture, pictures: list[Picture]) -> int:
    return [each.pk for each in pictures].index(picture.pk) + 1


def _after(beside: Member, members: list[Member]) -> Member | None:
    """The next one to compare with the one that stays, round and round; None where there is but one."""
    others = [each for each in members if not each.is_kept]
    place = others.index(beside)
    return others[(place + 1) % len(others)] if len(others) > 1 else None


def ruling_of(laid: Laid, cluster: Cluster, *, all_same: bool) -> Ruling | None:
    """What the reviewer says of the pictures that they saw; None when it is nothing, or not about this cluster."""
    ids = {each.public_id: each.pk for each in Picture.objects.filter(pk__in=cluster.pictures)}
    said = {
        ids[name]: Verdict.SAME if all_same else Verdict(verdict)
        for name, verdict in laid.said.items()
        if name in ids and name != laid.keep and (all_same or verdict != LATER)
    }
    return Ruling(ids[laid.keep], said) if laid.keep in ids and said else None
