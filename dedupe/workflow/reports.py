"""Reports: people tell staff about a published picture, mostly that it repeats another."""

from __future__ import annotations

import logging
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dedupe.conf import conf
from dedupe.errors import Conflict
from dedupe.imaging import ALGORITHM_VERSION, Relation
from dedupe.models import Case, CaseKind, Match, Picture, State
from dedupe.search import Evidence, SearchFailed, compare_pictures
from dedupe.signals import case_opened
from dedupe.workflow.clusters import join_cluster
from dedupe.workflow.publication import keep_match

log = logging.getLogger(__name__)


def report_picture(actor: Any, picture: Picture, reason: str, other: Picture | None = None) -> Case:
    """Let a signed-in person tell staff about a live picture, mostly that it repeats ``other``.

    Raises Conflict when the picture is not live, repeats itself, or this person has reported it already.
    """
    if picture.state != State.LIVE or (other is not None and other.state != State.LIVE):
        raise Conflict(_("Only published pictures can be reported."))
    if other is not None and other.pk == picture.pk:
        raise Conflict(_("A picture cannot be a copy of itself."))
    evidence = None if other is None else _evidence_of(picture, other)
    try:
        with transaction.atomic():
            match = None if other is None else _match_of(picture, other, evidence)
            return open_report(actor, picture, match, reason)
    except IntegrityError as error:
        raise Conflict(_("You have reported this already. Staff will look at it.")) from error


def open_report(actor: Any, picture: Picture, match: Match | None, reason: str) -> Case:
    """Raises IntegrityError when this person has an open report of it already."""
    case = Case.objects.create(
        kind=CaseKind.REPORT, picture=picture, match=match, opened_by=actor, reason=reason[:500]
    )
    join_cluster(case)
    case_opened.send(Case, case=case)
    return case


def _evidence_of(picture: Picture, other: Picture) -> Evidence | None:
    """The comparison of the two, or None when it cannot be had now: a report stands without it."""
    try:
        return compare_pictures(picture, other, conf().matching)
    except SearchFailed as error:
        log.warning("A report of %s is filed without a comparison: %s", picture.public_id, error)
        return None


def _match_of(picture: Picture, other: Picture, evidence: Evidence | None) -> Match:
    return pair_pointed_at(picture, other) if evidence is None else keep_match(picture, evidence)


def pair_pointed_at(picture: Picture, other: Picture) -> Match:
    """The match of two pictures; where none is known, one without evidence, which only a person has pointed at."""
    known = Match.objects.of_pair(picture.pk, other.pk).first()
    bare = Match(
        query=picture,
        candidate=other,
        relation=Relation.VARIANT,
        probability=0,
        algorithm_version=ALGORITHM_VERSION,
        settings_version=conf().matching.version,
        confident=False,
    )
    return known or Match.objects.keep(bare)
