"""Keeping a picture among one's favourites, and finding them again."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from board.favourites import add_favourite, drop_favourite, favourites_of, liking_of
from board.pages.access import person
from board.pages.problems import PROBLEMS, refusal_page
from dedupe.models import Picture

PAGE = 40


@require_POST
def favourite(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add the picture (``keep`` is 1) or drop it. With htmx only the button is answered."""
    page = reverse("picture", args=[public_id])
    if not request.user.is_authenticated:
        return _to_sign_in(request, page)
    shown = Picture.objects.visible_to(request.user).filter(public_id=public_id).first()
    if shown is None:
        raise Http404("There is no such picture.")
    try:
        change = add_favourite if request.POST.get("keep") == "1" else drop_favourite
        change(person(request), shown)
    except PROBLEMS as problem:
        return refusal_page(request, problem, page)
    if getattr(request, "htmx", False):
        context = {"picture": shown, "liking": liking_of(request.user, shown), "is_live": True}
        return render(request, "picture/_favourite.html", context)
    return redirect(page)


def _to_sign_in(request: HttpRequest, page: str) -> HttpResponse:
    """Ask for a sign-in that leads back to the picture; htmx must change the page, not the button."""
    address = f"{reverse('sign-in')}?next={page}"
    return HttpResponseClientRedirect(address) if getattr(request, "htmx", False) else redirect(address)


@login_required
@never_cache
@require_safe
def favourites(request: HttpRequest) -> HttpResponse:
    """One's favourites, the newest first, before the favourite of the number ``?before=``."""
    before = request.GET.get("before", "")
    is_place = before.isascii() and before.isdigit() and len(before) < 19
    found = favourites_of(person(request))
    rows = list((found.filter(pk__lt=int(before)) if is_place else found)[: PAGE + 1])
    context = {
        "pictures": [each.picture for each in rows[:PAGE]],
        "older": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "is_first_page": not is_place,
    }
    return render(request, "favourites.html", context)
