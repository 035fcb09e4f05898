"""Who may open which page, and what everybody else gets instead."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from board.models import User
from board.uploads import upload_at
from dedupe.models import Picture, Power
from dedupe.permissions import may, may_look_inside

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def person(request: HttpRequest) -> User:
    """The signed-in person. Only for pages that ask for a sign-in."""
    assert isinstance(request.user, User)
    return request.user


def only_with(power: Power) -> Callable[[View[P]], View[P]]:
    """Open the page to those who hold a power; ask visitors to sign in, and refuse others."""

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not may(request.user, power):
                raise PermissionDenied("This page is for staff.")
            return view(request, *args, **kwargs)

        return guarded

    return guard


def staff_only(view: View[P]) -> View[P]:
    """Open the page to reviewers, and so to moderators and operators."""
    return only_with(Power.REVIEW)(view)


may_manage = may_look_inside
"""Whether this person sees what is not public about a picture: its uploader and reviewers."""


def own_upload(request: HttpRequest, public_id: str) -> Picture:
    """The upload of this address for its uploader and staff; to everybody else it does not exist."""
    pictures = Picture.objects.select_related("owner", "post", "duplicate_of").prefetch_related("renditions")
    upload = upload_at(pictures, public_id, request.user)
    if upload is None:
        raise Http404("There is no such upload.")
    return upload
