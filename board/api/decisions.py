"""Decisions: answer the question, look back, undo."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest
from ninja import Router

from board.api import addresses, describing, lookups
from board.api.authentication import person, signed_in
from board.api.problems import not_found
from board.api.schemas.requests import Answer, HandOver, Reason
from board.api.schemas.responses import Decided, DecisionList
from board.offering import Chosen, pass_on
from dedupe import workflow
from dedupe.models import Verdict
from dedupe.visibility import decisions_known_to

router = Router(tags=["decisions"], auth=signed_in)


@router.post("uploads/{upload_id}/decision", response=Decided, summary="Answer the question about an upload")
def answer(request: HttpRequest, upload_id: str, body: Answer) -> Decided:
    """*same* withdraws the upload and lets its address lead to the other; *better* proposes it to staff in the
    other's place; *variant* and *different* publish it once no other question is open. With *same*, the words that
    the other picture lacks go along; an undo takes them back."""
    user = person(request)
    upload = lookups.own_upload(user, upload_id)
    match = lookups.match_named(describing.matches_of(upload), body.match, upload)
    if body.verdict is not Verdict.SAME:
        decision = workflow.answer(user, upload, match, body.verdict, body.reason)
    else:
        with transaction.atomic():
            decision = workflow.answer(user, upload, match, body.verdict, body.reason)
            pass_on(decision, upload, match.other(upload), _chosen(body.hand_over))
    return describing.decided(request, decision)


def _chosen(wanted: bool | HandOver) -> Chosen | None:
    """What is to go along; None for what is usual."""
    if isinstance(wanted, HandOver):
        return Chosen(tuple(wanted.tags), source=wanted.source, title=wanted.title)
    return None if wanted else Chosen()


@router.get("decisions", response=DecisionList, summary="Decisions, newest first")
def list_decisions(request: HttpRequest, before: int | None = None) -> DecisionList:
    """One's own and those about one's own pictures; all of them for reviewers. Page by following ``next``."""
    decisions = describing.with_names(decisions_known_to(person(request))).order_by("-id")
    if before is not None:
        decisions = decisions.filter(pk__lt=before)
    page, last = lookups.page_of(decisions)
    return DecisionList(
        items=[describing.decision_out(request, each) for each in page],
        next=addresses.next_page(request, None if last is None else last.pk),
    )


@router.delete("decisions/{int:decision_id}", response=Decided, summary="Undo a decision")
def undo(request: HttpRequest, decision_id: int, reason: Reason = "") -> Decided:
    """States, redirects and links are as they were before; the undo is a decision too and can be undone."""
    user = person(request)
    decision = decisions_known_to(user).filter(pk=decision_id).first()
    if decision is None:
        raise not_found("decision")
    return describing.decided(request, workflow.undo_decision(user, decision, reason))
