"""Giving pictures to the board, and the list of what one has given."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from board.outcome import outcome_of
from board.pages.access import person
from board.pages.forms import UploadForm
from board.quotas import OverQuota, check_quota
from dedupe import incoming, workflow
from dedupe.conf import conf
from dedupe.fetching import NotFetched
from dedupe.imaging import Limits
from dedupe.models import Case as ReviewCase
from dedupe.models import Picture, State

PAGE = 30

FILTERS: dict[str, tuple[Any, Q]] = {
    "": (gettext_lazy("All"), Q()),
    "question": (gettext_lazy("Questions"), Q(state=State.HELD)),
    "checking": (gettext_lazy("Being checked"), Q(state__in=[State.STAGED, State.ANALYSING])),
    "published": (gettext_lazy("Published"), Q(state=State.LIVE)),
    "already-here": (gettext_lazy("Already here"), Q(state=State.WITHDRAWN, duplicate_of__isnull=False)),
    "not-taken": (gettext_lazy("Not taken"), Q(state=State.REJECTED)),
    "ended": (
        gettext_lazy("Ended"),
        Q(state=State.WITHDRAWN, duplicate_of__isnull=True) | Q(state__in=[State.EXPIRED, State.REMOVED]),
    ),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Choose, drop or paste; the browser's scripts send the files one by one, a plain form sends them together."""
    sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if sent else UploadForm()
    if sent and form.is_valid():
        try:
            return _store(request, form)
        except NotFetched as problem:
            form.add_error("address", _(problem.reason.message))
        except (workflow.NotAllowed, workflow.TooMany) as refused:
            form.add_error("address", str(refused))
        except OverQuota as error:
            form.add_error(None, str(error))
            page = _form_page(request, form, 429)
            page["Retry-After"] = str(error.seconds)
            return page
    return _form_page(request, form, 400 if form.is_bound else 200)


def _form_page(request: HttpRequest, form: UploadForm, status: int) -> HttpResponse:
    context = {
        "form": form,
        "max_bytes": Limits().max_bytes,
        "by_url": conf().receiving.upload_by_url,
        "direct": incoming.goes_to_storage(),
    }
    return render(request, "upload/upload.html", context, status=status)


def _store(request: HttpRequest, form: UploadForm) -> HttpResponse:
    """Take all that was given or, when that is more than the quota, nothing.

    Raises OverQuota, NotFetched, NotAllowed and TooMany, before any file is stored.
    """
    files, address = form.cleaned_data["file"], form.cleaned_data["address"]
    check_quota(person(request), len(files) + bool(address), sum(file.size for file in files))
    stored = [workflow.submit_address(person(request), address, details=form.details())] if address else []
    stored += [
        workflow.submit_picture(
            person(request), file, size=file.size, file_name=file.name or "", details=form.details()
        )
        for file in files
    ]
    if len(stored) == 1:
        return redirect("upload-status", public_id=stored[0].public_id)
    messages.success(
        request,
        _("{count} files have arrived. Each is checked before it is shown.").format(count=len(stored)),
    )
    return redirect("uploads")


@login_required
@require_safe
def uploads(request: HttpRequest) -> HttpResponse:
    """One's own uploads with their states, those with a question first; ``?before=`` goes on behind a place."""
    chosen = request.GET.get("state", "")
    chosen = chosen if chosen in FILTERS else ""
    own = Picture.objects.filter(owner=person(request))
    behind = _behind(own, request.GET.get("before", ""))
    rows = list(_questions_first(own.filter(FILTERS[chosen][1])).filter(behind)[: PAGE + 1])
    page = rows[:PAGE]
    proposals = ReviewCase.objects.open_proposals().filter(picture__in=page)
    proposed = set(proposals.values_list("picture_id", flat=True))
    given = {"state": chosen} if chosen else {}
    context = {
        "newest": f"?{urlencode(given)}" if behind else "",
        "older": f"?{urlencode(given | {'before': _place(page[-1])})}" if len(rows) > PAGE else "",
        "uploads": [(each, outcome_of(each, proposed=each.pk in proposed)) for each in page],
        "chips": _chips(own, chosen),
        "chosen": chosen,
        "waiting": any(not each.is_settled for each in page),
    }
    return render(request, "upload/uploads.html", context)


def _questions_first(found: QuerySet[Picture]) -> QuerySet[Picture]:
    asked = Case(When(state=State.HELD, then=Value(0)), default=Value(1))
    return (
        found.select_related("post", "duplicate_of")
        .prefetch_related("renditions")
        .annotate(asked=asked)
        .order_by("asked", "-id")
    )


def _place(upload: Picture) -> str:
    """Where an upload stands in the list, which is also where it stood when it has been answered since."""
    return f"{'q' if upload.state == State.HELD else 'r'}-{upload.public_id}"


def _behind(own: QuerySet[Picture], place: str) -> Q:
    """What comes after a place in the order of the list; everything for no place, or one that is not in it."""
    part, _, public_id = place.partition("-")
    anchor = own.filter(public_id=public_id).first() if part in {"q", "r"} else None
    if anchor is None:
        return Q()
    if part == "r":
        return Q(asked=1, id__lt=anchor.pk)
    return Q(asked=1) | Q(asked=0, id__lt=anchor.pk)


def _chips(own: QuerySet[Picture], chosen: str) -> list[dict[str, Any]]:
    """The filters with how many uploads each shows; empty ones are left out."""
    rules = [rule or Q(pk__isnull=False) for _, rule in FILTERS.values()]
    counts = own.aggregate(**{f"n{index}": Count("pk", filter=rule) for index, rule in enumerate(rules)})
    return [
        {"key": key, "label": label, "count": counts[f"n{index}"], "is_chosen": key == chosen}
        for index, (key, (label, _)) in enumerate(FILTERS.items())
        if counts[f"n{index}"] or key in {"", chosen}
    ]
