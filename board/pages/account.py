"""Joining, signing in and signing out."""

from __future__ import annotations

from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from board.languages import is_offered, keep_language
from board.pages.forms import RegistrationForm


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Make an account and sign in to it."""
    if request.user.is_authenticated:
        return redirect("gallery")
    form = RegistrationForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        user = form.save()
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        return redirect("upload")
    return render(request, "account/register.html", {"form": form}, status=400 if form.is_bound else 200)


class SignIn(LoginView):
    """Django's own sign-in, which leads on only to addresses of this site."""

    template_name = "account/sign_in.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The language that somebody chose comes along to another browser."""
        response = super().form_valid(form)
        if is_offered(language := getattr(self.request.user, "language", "")):
            keep_language(response, language)
        return response


class SignOut(LogoutView):
    """Django's own sign-out, by POST alone."""
