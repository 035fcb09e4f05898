"""One's account: the password, and keys for programs."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from board.models import ApiToken, User
from board.pages.access import person
from board.pages.forms import TokenForm


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Change the password, or make a key; the key is shown in this answer and never again."""
    user = person(request)
    wanted = request.POST.get("form", "")
    password = PasswordChangeForm(user, request.POST if wanted == "password" else None)
    token = TokenForm(request.POST if wanted == "token" else None)
    # Nobody came here to change the password alone: the page begins at its top.
    password.fields["old_password"].widget.attrs.pop("autofocus", None)
    key = ""
    if wanted == "password" and password.is_valid():
        update_session_auth_hash(request, password.save())
        messages.success(request, _("Your password is changed."))
        return redirect("account")
    if wanted == "token" and token.is_valid():
        key = ApiToken.issue(user, token.cleaned_data["name"])[1]
        token = TokenForm()
    invalid = any(form.is_bound and not form.is_valid() for form in (password, token))
    return _page(request, user, password, token, key, 400 if invalid else 200)


def _page(
    request: HttpRequest,
    user: User,
    password: PasswordChangeForm,
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
