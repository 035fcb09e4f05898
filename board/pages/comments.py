"""Saying something below a picture, and taking it away again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from board.comments import TooFast, Unfit, may_remove, remove_comment, write_comment
from board.models import Comment
from board.pages.access import may_manage, person
from board.pages.picture import find_picture, picture_page
from board.pages.problems import PROBLEMS, refusal_page, status_for, words_for
from board.pages.talk import talk_context
from dedupe.models import Picture, State


@login_required
@require_POST
def comment(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write a comment; when it cannot be taken, the page says why and keeps the text."""
    shown = find_picture(public_id)
    if shown.state != State.LIVE and not may_manage(request.user, shown):
        raise Http404("There is no such picture.")
    text = request.POST.get("text", "")
    try:
        written = write_comment(person(request), shown, text)
    except Unfit as error:
        return _again(request, shown, text, str(error), 400)
    except TooFast as error:
        again = _again(request, shown, text, str(error), 429)
        again["Retry-After"] = str(error.seconds)
        return again
    except PROBLEMS as error:
        return _again(request, shown, text, words_for(error), status_for(error))
    return redirect(f"{reverse('picture', args=[public_id])}#comment-{written.pk}")


def _again(request: HttpRequest, shown: Picture, text: str, problem: str, status: int) -> HttpResponse:
    talk: dict[str, Any] = talk_context(request, shown, text, problem)
    return picture_page(request, shown, talk=talk, status=status)


@login_required
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a comment off the page. To everybody who may not, it does not exist."""
    found = Comment.objects.select_related("picture").filter(pk=pk).first()
    if found is None or not may_remove(request.user, found):
        raise Http404("There is no such comment.")
    back = f"{reverse('picture', args=[found.picture.public_id])}#comments"
    try:
        remove_comment(person(request), found)
    except PROBLEMS as problem:
        return refusal_page(request, problem, back)
    messages.success(request, _("The comment is removed."))
    return redirect(back)
