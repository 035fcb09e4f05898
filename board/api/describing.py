"""Rows as the API shows them, to whoever looks. Nothing here asks whether they may: the querysets of callers do."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Status

from board.api import addresses
from board.api.schemas.responses import (
    Accepted,
    Decided,
    DecisionOut,
    GeometryOut,
    MatchOut,
    PictureBrief,
    PictureOut,
    UploadBrief,
    UploadOut,
)
from board.api.schemas.staff import CaseOut
from board.bounds import limits_in_words
from board.editing import Words
from board.models import Post
from board.outcome import outcome_of
from dedupe.conf import conf
from dedupe.imaging import Geometry, Relation
from dedupe.models import (
    Case,
    CaseKind,
    CaseState,
    CheckOutcome,
    Decision,
    DecisionKind,
    Match,
    Picture,
    Rendition,
    Role,
    State,
    Verdict,
)
from dedupe.visibility import matches_shown, may_know_who, redirects_to, variants_of
from dedupe.workflow.answers import has_open_proposal
from dedupe.workflow.resolutions import offers


def with_words(pictures: QuerySet[Picture]) -> QuerySet[Picture]:
    """The same pictures with their posts and renditions, as ``brief`` needs them."""
    return pictures.select_related("post").prefetch_related("renditions")


def post_of(picture: Picture) -> Post:
    """The post of a picture; an empty one where the site has none."""
    try:
        return picture.post
    except Post.DoesNotExist:
        return Post(picture=picture)


def brief(request: HttpRequest, picture: Picture) -> PictureBrief:
    """A picture in a list."""
    return PictureBrief(
        id=picture.public_id,
        url=addresses.picture_page(request, picture),
        thumbnail=addresses.rendition(request, picture, Rendition.Kind.SMALL),
        title=post_of(picture).title,
        width=picture.width,
        height=picture.height,
    )


def whole(request: HttpRequest, picture: Picture) -> PictureOut:
    """A published picture with everything that everybody may know."""
    post = post_of(picture)
    return PictureOut(
        **brief(request, picture).model_dump(),
        image=addresses.rendition(request, picture, Rendition.Kind.LARGE),
        tags=[tag.name for tag in post.tags.all()] if post.pk else [],
        source=post.source,
        version=Words.of(post).version if post.pk else "",
        external_id=post.external_id,
        attributes=post.attributes,
        uploader=None if picture.owner is None else picture.owner.get_username(),
        format=picture.format,
        size_bytes=picture.size_bytes,
        sha256=picture.checksum,
        damaged=picture.damaged,
        published_at=picture.published_at,
        variants=[brief(request, other) for other in with_words(variants_of(picture))],
        redirects=[each.public_id for each in redirects_to(picture, request.user).order_by("id")],
    )


def matches_of(picture: Picture) -> list[Match]:
    """The look-alikes of an upload that are published now, the likeliest first; others are nobody's business."""
    return list(
        matches_shown(picture)
        .select_related("query__post", "candidate__post")
        .prefetch_related("query__renditions", "candidate__renditions")
    )


def match_out(request: HttpRequest, match: Match, upload: Picture) -> MatchOut:
    """A match as seen from ``upload``."""
    return MatchOut(
        id=match.pk,
        picture=brief(request, match.other(upload)),
        relation=Relation(match.relation),
        same_picture=Relation(match.relation).same_picture,
        probability=match.probability,
        distance=match.distance,
        evidence=match.evidence,
        geometry=geometry_out(match.geometry_from(upload)),
        routes=match.routes,
        confident=match.confident,
        verdict=Verdict(match.verdict) if match.verdict else None,
    )


def geometry_out(geometry: Geometry | None) -> GeometryOut | None:
    """How the one picture lies on the other, as plain values."""
    return None if geometry is None else GeometryOut.model_validate(asdict(geometry))


def with_names(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """The same decisions with what ``decision_out`` reads."""
    return decisions.select_related("actor", "picture", "undone_by")


def decision_out(request: HttpRequest, decision: Decision) -> DecisionOut:
    """A decision; other people's names are for reviewers."""
    actor = decision.actor if may_know_who(request.user, decision) else None
    return DecisionOut(
        id=decision.pk,
        kind=DecisionKind(decision.kind),
        upload=decision.picture.public_id,
        match=decision.match_id,
        role=Role(decision.role),
        by=None if actor is None else actor.get_username(),
        verdict=Verdict(decision.verdict) if decision.verdict else None,
        upheld=decision.upheld,
        reason=decision.reason,
        undoes=decision.undoes_id,
        undone=decision.is_undone,
        created_at=decision.created_at,
    )


def _progress(upload: Picture, proposed: bool) -> dict[str, Any]:
    return {
        "id": upload.public_id,
        "state": State(upload.state),
        "check": CheckOutcome(upload.check_outcome),
        "reason": outcome_of(upload, proposed=proposed).sentence,
        "file_name": upload.file_name,
        "created_at": upload.created_at,
    }


def accepted(request: HttpRequest, response: HttpResponse, upload: Picture) -> Status[Accepted]:
    """202: an upload has begun, and where to follow it, also in the header Location."""
    status_path = addresses.upload_path(upload)
    response["Location"] = status_path
    return Status(
        202,
        Accepted(
            id=upload.public_id,
            state=State(upload.state),
            url=addresses.upload_page(request, upload),
            status_url=request.build_absolute_uri(status_path),
        ),
    )


def upload_brief(request: HttpRequest, upload: Picture, *, proposed: bool) -> UploadBrief:
    """An upload in a list; ``proposed`` as a better copy, and staff have not answered."""
    return UploadBrief(
        **_progress(upload, proposed),
        title=post_of(upload).title,
        url=addresses.upload_page(request, upload),
        status_url=request.build_absolute_uri(addresses.upload_path(upload)),
    )


def upload_out(request: HttpRequest, upload: Picture) -> UploadOut:
    """An upload with the question and what was said."""
    canonical = upload.duplicate_of
    leads_on = canonical is not None and canonical.state == State.LIVE
    shown = canonical if leads_on else upload if upload.state == State.LIVE else None
    decisions = with_names(Decision.objects.filter(picture=upload)).order_by("id")
    return UploadOut(
        **_progress(upload, has_open_proposal(upload)),
        refusal=upload.refusal or None,
        url=addresses.upload_page(request, upload),
        picture_url=None if shown is None else addresses.picture_page(request, shown),
        duplicate_of=canonical.public_id if canonical is not None and leads_on else None,
        width=upload.width,
        height=upload.height,
        format=upload.format or None,
        size_bytes=upload.size_bytes,
        sha256=upload.checksum,
        damaged=upload.damaged,
        matches=[match_out(request, match, upload) for match in matches_of(upload)],
        cut=upload.check_cut,
        not_searched=upload.check_not_searched,
        limits=limits_in_words(upload.check_cut, upload.check_not_searched, conf().matching),
        decisions=[decision_out(request, decision) for decision in decisions],
    )


def decided(request: HttpRequest, decision: Decision) -> Decided:
    """A decision that was just made, with its upload as it stands now."""
    upload = Picture.objects.select_related("duplicate_of").get(pk=decision.picture_id)
    return Decided(decision=decision.pk, upload=upload_out(request, upload))


def case_out(request: HttpRequest, case: Case) -> CaseOut:
    """A case of the review queue, for staff. Of an open sample it is not told what its uploader said."""
    match, is_open = case.match, case.state == CaseState.OPEN
    if match is not None and is_open and case.kind == CaseKind.SAMPLE:
        match.verdict = ""
    return CaseOut.model_validate(
        {
            "id": case.pk,
            "kind": case.kind,
            "state": case.state,
            "picture": brief(request, case.picture),
            "match": None if match is None else match_out(request, match, case.picture),
            "opened_by": None if case.opened_by is None else case.opened_by.get_username(),
            "resolutions": offers(case) if is_open else (),
            "reason": case.reason,
            "claimed_by": None if case.claimed_by is None else case.claimed_by.get_username(),
            "claimed_until": case.claimed_until,
            "created_at": case.created_at,
        }
    )
