"""The review queue: staff claim cases and close them."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from board.api import addresses, describing, lookups
from board.api.authentication import person, staff
from board.api.problems import not_found
from board.api.schemas.requests import Ruling
from board.api.schemas.staff import CaseList, CaseOut, Ruled
from dedupe import workflow
from dedupe.models import Case, CaseKind
from dedupe.models.cases import CaseQuerySet

router = Router(tags=["review"], auth=staff)


def _cases() -> CaseQuerySet:
    """All cases, with what ``case_out`` reads."""
    return Case.objects.select_related(
        "picture__post", "match__query__post", "match__candidate__post", "opened_by", "claimed_by"
    ).prefetch_related("picture__renditions", "match__query__renditions", "match__candidate__renditions")


def _case(case_id: int) -> Case:
    case = _cases().filter(pk=case_id).first()
    if case is None:
        raise not_found("case")
    return case


@router.get("review", response=CaseList, summary="Open cases, the oldest first")
def list_cases(request: HttpRequest, kind: CaseKind | None = None, after: int | None = None) -> CaseList:
    """Overrides, better copies, reports, finds, questions about to expire, samples. Page by following ``next``."""
    cases = _cases().waiting().order_by("id")
    if kind is not None:
        cases = cases.filter(kind=kind)
    if after is not None:
        cases = cases.filter(pk__gt=after)
    page, last = lookups.page_of(cases)
    return CaseList(
        items=[describing.case_out(request, each) for each in page],
        next=addresses.next_page(request, None if last is None else last.pk, "after"),
    )


@router.post("review/{int:case_id}/claim", response=CaseOut, summary="Claim a case for a while")
def claim(request: HttpRequest, case_id: int) -> CaseOut:
    """So that two reviewers do not look at one case; 409 when somebody has it."""
    workflow.claim_case(person(request), _case(case_id))
    return describing.case_out(request, _case(case_id))


@router.post("review/{int:case_id}/decide", response=Ruled, summary="Close a case")
def decide(request: HttpRequest, case_id: int, body: Ruling) -> Ruled:
    """Say what the pictures are to each other, or uphold or reverse what was said before."""
    actor, case = person(request), _case(case_id)
    if body.resolution is not None:
        decision = workflow.resolve_case(actor, case, body.resolution, body.reason)
    else:
        decision = workflow.close_case(actor, case, uphold=bool(body.uphold), reason=body.reason)
    return Ruled(decision=decision.pk, case=describing.case_out(request, _case(case_id)))
