"""One's account: the password, keys for programs, and where one is signed in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from board.models import ApiToken, User
from board.pages.access import person
from board.pages.forms import NewPasswordForm, TokenForm


@sensitive_post_parameters()
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Change the password, or make a key; the key is shown in this answer and never again."""
    user = person(request)
    wanted = request.POST.get("form", "")
    password = NewPasswordForm(user, request.POST if wanted == "password" else None)
    token = TokenForm(request.POST if wanted == "token" else None)
    key = ""
    if wanted == "password" and password.is_valid():
        return _change_password(request, password)
    if wanted == "token" and token.is_valid():
        key = ApiToken.issue(user, token.cleaned_data["name"])[1]
        token = TokenForm()
    invalid = any(form.is_bound and not form.is_valid() for form in (password, token))
    return _page(request, user, password, token, key, 400 if invalid else 200)


def _change_password(request: HttpRequest, form: NewPasswordForm) -> HttpResponse:
    """Every other session ends with the password; the keys end too, if that was asked for."""
    with transaction.atomic():
        user = form.save()
        keys = _revoke_all(user) if form.cleaned_data["revoke"] else 0
    update_session_auth_hash(request, user)
    done = _("Your password is changed. You are signed out everywhere else.")
    messages.success(request, f"{done} {_keys_in_words(keys)}".strip())
    return redirect("account")


def _revoke_all(user: User) -> int:
    """Make all keys of a person worthless; how many there were."""
    return user.api_tokens.all().delete()[0]


def _keys_in_words(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "Your key does not work any more.", "Your {count} keys do not work any more.", count
    ).format(count=count)


def _page(
    request: HttpRequest,
    user: User,
    password: NewPasswordForm,
    token: TokenForm,
    key: str,
    status: int,
) -> HttpResponse:
    context = {"password_form": password, "token_form": token, "key": key, "tokens": user.api_tokens.all()}
    return render(request, "account/settings.html", context, status=status)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a key worthless."""
    token = get_object_or_404(ApiToken, pk=pk, owner=person(request))
    token.delete()
    messages.success(request, _("The key “{name}” does not work any more.").format(name=token.name))
    return redirect("account")


@login_required
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End all sessions of this person, this one too; with ``revoke`` the keys as well."""
    user = person(request)
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
        keys = _revoke_all(user) if request.POST.get("revoke") else 0
    logout(request)
    done = _("You are signed out everywhere.")
    messages.success(request, f"{done} {_keys_in_words(keys)}".strip())
    return redirect("sign-in")
