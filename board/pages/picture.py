"""The page of one picture, what leads to it, and what people may do there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from board.editing import is_editable, may_edit
from board.favourites import liking_of
from board.outcome import outcome_of
from board.pages.access import may_manage, own_upload, person
from board.pages.forms import ReportForm
from board.pages.naming import picture_at
from board.pages.problems import PROBLEMS, refusal_page, status_for, words_for
from board.pages.talk import talk_context
from board.pages.undoing import mark_undoable, newest_undoable, with_undo
from dedupe import workflow
from dedupe.models import Decision, Match, Picture, State, Verdict

_HIDDEN = {State.STAGED, State.ANALYSING, State.HELD, State.REJECTED}


@require_safe
def picture(request: HttpRequest, public_id: str) -> HttpResponse:
    """A live picture; an old address leads on to it; one that leads nowhere says that it is gone."""
    shown = find_picture(public_id)
    insider = may_manage(request.user, shown)
    if shown.state == State.LIVE or (insider and (shown.state in _HIDDEN or request.GET.get("stay"))):
        return picture_page(request, shown)
    if shown.state in _HIDDEN:
        raise Http404("There is no such picture.")
    if shown.duplicate_of is not None and shown.duplicate_of.state == State.LIVE:
        return _lead_on(shown.duplicate_of, came_from=shown.public_id if insider else "")
    return _gone(request, shown, insider)


def find_picture(public_id: str) -> Picture:
    """The picture of this address, whoever may see it. Raises Http404."""
    pictures = Picture.objects.select_related("owner", "post", "duplicate_of")
    found = pictures.prefetch_related("renditions").filter(public_id=public_id).first()
    if found is None:
        raise Http404("There is no such picture.")
    return found


def _lead_on(canonical: Picture, came_from: str) -> HttpResponse:
    """Lead to the canonical picture, unremembered by browsers, so that an undo takes effect at once."""
    address = reverse("picture", args=[canonical.public_id])
    response = HttpResponsePermanentRedirect(f"{address}?from={came_from}" if came_from else address)
    response["Cache-Control"] = "no-cache"
    return response


def _gone(request: HttpRequest, shown: Picture, insider: bool) -> HttpResponse:
    context = {"removed": shown.state == State.REMOVED, "picture": shown, "insider": insider}
    return render(request, "410.html", context, status=410)


def picture_page(
    request: HttpRequest,
    shown: Picture,
    form: ReportForm | None = None,
    problem: str = "",
    status: int = 200,
    *,
    talk: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page of a picture that this person may see; ``talk`` is the context of its comments, if it is known."""
    insider = may_manage(request.user, shown)
    context: dict[str, Any] = {
        "picture": shown,
        "outcome": outcome_of(shown),
        "is_live": shown.state == State.LIVE,
        "insider": insider,
        "variants": variants_of(shown),
        "form": form or ReportForm(),
        "problem": problem,
        "editable": may_edit(request.user, shown) and is_editable(shown),
        "liking": liking_of(request.user, shown),
        **(talk or talk_context(request, shown)),
    }
    context["led_here"] = list(shown.redirects_here.order_by("-state_since")[:50])
    if insider:
        history = with_undo(Decision.objects.filter(picture=shown)).order_by("-id")[:50]
        context["history"] = mark_undoable(request.user, history)
        context["undoable"] = newest_undoable(request.user, shown)
    context["came_from"] = _came_from(request, shown, context["led_here"])
    return render(request, "picture/picture.html", context, status=status)


def _came_from(request: HttpRequest, shown: Picture, led_here: list[Picture]) -> Picture | None:
    """The old address by which its uploader or staff came here, so that they can go back to it."""
    wanted = request.GET.get("from", "")
    origin = next((each for each in led_here if each.public_id == wanted), None)
    return origin if origin is not None and may_manage(request.user, origin) else None


def variants_of(shown: Picture) -> list[Picture]:
    """The live pictures that people called variants of this one."""
    pairs = (
        Match.objects.about(shown)
        .filter(verdict=Verdict.VARIANT)
        .select_related("query__post", "candidate__post")
        .prefetch_related("query__renditions", "candidate__renditions")
    )
    return [other for pair in pairs if (other := pair.other(shown)).state == State.LIVE]


@login_required
@require_POST
def report(request: HttpRequest, public_id: str) -> HttpResponse:
    """Tell staff about a picture, mostly that it repeats another one."""
    shown = find_picture(public_id)
    if shown.state != State.LIVE and not may_manage(request.user, shown):
        raise Http404("There is no such picture.")
    form = ReportForm(request.POST)
    if not form.is_valid():
        return picture_page(request, shown, form, "Please say in a few words why staff should look.", 400)
    other = picture_at(form.cleaned_data["other"])
    if form.cleaned_data["other"] and other is None:
        return picture_page(request, shown, form, "There is no published picture at the other address.", 400)
    try:
        workflow.report_picture(person(request), shown, form.cleaned_data["reason"], other)
    except PROBLEMS as problem:
        return picture_page(request, shown, form, words_for(problem), status_for(problem))
    messages.success(request, "Thank you. Staff will look at it.")
    return redirect("picture", public_id=public_id)


@login_required
@require_POST
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a picture back, or remove it as staff."""
    upload = own_upload(request, public_id)
    back = reverse("upload-status", args=[public_id])
    try:
        workflow.withdraw(person(request), upload, request.POST.get("reason", ""))
    except PROBLEMS as problem:
        return refusal_page(request, problem, back)
    messages.success(request, "Done. It is not shown any more.")
    return redirect(back)
