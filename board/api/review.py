"""The review queue: staff claim cases and close them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router

from board.api import addresses, describing, lookups
from board.api.authentication import person, staff
from board.api.problems import not_found
from board.api.schemas.requests import Ruling
from board.api.schemas.staff import CaseList, CaseOut, Ruled
from dedupe import workflow
from dedupe.models import Case, CaseKind, CaseState

router = Router(tags=["review"], auth=staff)


def _cases() -> QuerySet[Case]:
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
    """Overrides of sure matches, proposals of better copies, and reports. Page by following ``next``."""
    cases = _cases().filter(state=CaseState.OPEN).order_by("id")
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
    """Uphold what the person said or proposed, or reverse it."""
    decision = workflow.close_case(person(request), _case(case_id), uphold=body.uphold, reason=body.reason)
    return Ruled(decision=decision.pk, case=describing.case_out(request, _case(case_id)))
