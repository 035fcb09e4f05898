"""The uploader's answer to a question."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from board.offering import Offer, pass_on
from board.pages.access import own_upload, person
from board.pages.batch import put_last, way_on
from board.pages.forms import AnswerForm
from board.pages.last_answer import remember
from board.pages.problems import PROBLEMS, status_for, words_for
from board.pages.progress import status_page
from board.pages.question import ALL
from board.prose import listed
from dedupe import workflow
from dedupe.imaging import Relation
from dedupe.models import Decision, DecisionKind, Match, Picture, Verdict

_IDENTICAL = gettext_lazy("Both files are the same, byte for byte: only one of them can be here.")

DONE = {
    Verdict.SAME: gettext_lazy("We keep one copy."),
    Verdict.BETTER: gettext_lazy("Staff will compare both copies."),
    Verdict.VARIANT: gettext_lazy("Both pictures stay, linked to each other."),
    Verdict.DIFFERENT: gettext_lazy("We won’t ask about these two again."),
}
_DONE_ABOUT_ALL = {
    Verdict.VARIANT: gettext_lazy("It is linked to all {count}."),
    Verdict.DIFFERENT: gettext_lazy("We won’t ask about it and any of the {count} again."),
}


@login_required
@require_POST
def answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Carry out an answer and go on with the next question; say in words what stood in the way."""
    upload = own_upload(request, public_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        words = " ".join(message for errors in form.errors.values() for message in map(str, errors))
        return status_page(request, upload, words, 400)
    verdict = Verdict(form.cleaned_data["verdict"])
    matches = _matches(upload, form.named())
    if verdict is not Verdict.SAME and any(each.relation == Relation.IDENTICAL_BYTES for each in matches):
        return status_page(request, upload, str(_IDENTICAL), 409)
    try:
        decisions, added = _carry_out(request, upload, matches, verdict, form)
    except PROBLEMS as problem:
        if _given_before(request, matches, verdict):
            return redirect(way_on(request, upload).address)
        now = own_upload(request, public_id)
        return status_page(request, now, words_for(problem), status_for(problem))
    return _go_on(request, upload, decisions, _words(verdict, len(matches), added))


def _matches(upload: Picture, named: list[int]) -> list[Match]:
    """The look-alikes that the answer is about. Raises Http404 when one is none of this upload."""
    sides = ("query__post", "candidate__post")
    found = list(Match.objects.about(upload).filter(pk__in=named).select_related(*sides))
    if len(found) < len(set(named)):
        raise Http404("There is no such question.")
    return found


def _given_before(request: HttpRequest, matches: list[Match], verdict: Verdict) -> bool:
    """Whether this person has said just this already: a key pressed twice is no conflict."""
    given = Decision.objects.standing().filter(
        kind=DecisionKind.ANSWER, actor=person(request), match__in=matches, verdict=verdict
    )
    return len(set(given.values_list("match_id", flat=True))) == len(matches)


def _carry_out(
    request: HttpRequest, upload: Picture, matches: list[Match], verdict: Verdict, form: AnswerForm
) -> tuple[list[Decision], Offer]:
    actor, reason = person(request), form.cleaned_data["reason"]
    if form.cleaned_data["scope"] == ALL:
        return workflow.answer_all(actor, upload, matches, verdict, reason), Offer()
    match, added = matches[0], Offer()
    if verdict is not Verdict.SAME:
        return [workflow.answer(actor, upload, match, verdict, reason)], added
    with transaction.atomic():
        decision = workflow.answer(actor, upload, match, verdict, reason)
        added = pass_on(decision, upload, match.other(upload), form.chosen())
    return [decision], added


def _words(verdict: Verdict, how_many: int, added: Offer) -> str:
    if how_many > 1:
        return _DONE_ABOUT_ALL[verdict].format(count=how_many)
    count = len(added.tags)
    tags = [ngettext("{count} tag", "{count} tags", count).format(count=count)] if count else []
    parts = [*tags, *([_("the source")] if added.source else []), *([_("the title")] if added.title else [])]
    if not parts:
        return str(DONE[verdict])
    got = _("It got {things} from yours.").format(things=listed(parts))
    return f"{DONE[verdict]} {got}"


def _go_on(request: HttpRequest, upload: Picture, decisions: list[Decision], words: str) -> HttpResponse:
    """To the next question with a notice of what happened, or to the page that says what became of the upload."""
    way = way_on(request, upload)
    if way.in_batch:
        said = decisions[0].get_verdict_display()
        remember(request, decisions, f"{upload.file_name or _('Your upload')}: {said}. {words}")
    else:
        messages.success(request, _("Thank you. {words}").format(words=words))
    return redirect(way.address)


@login_required
@require_POST
def later(request: HttpRequest, public_id: str) -> HttpResponse:
    """Leave a question for the end, and go on with the next one."""
    upload = own_upload(request, public_id)
    following = put_last(request, upload) if upload.is_owned_by(request.user) else None
    return redirect("upload-status", public_id=following) if following else redirect("answered")
