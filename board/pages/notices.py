"""What a person is told of other people's decisions, and the way to object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from board.models import Notice
from board.notice_words import Way, lines_of, with_words
from board.notices import mark_read
from board.pages.access import person
from board.pages.problems import PROBLEMS, status_for, words_for
from board.pages.undoing import may_undo
from dedupe.workflow.objections import object_to

PAGE = 30


@dataclass(frozen=True)
class Place:
    """Where a page of notices begins. What was unread at the moment of the first page stays among the unread."""

    moment: datetime
    after: int | None = None
    was_read: bool = False

    @classmethod
    def in_address(cls, request: HttpRequest) -> Place:
        """The place that the address names, else the beginning as of now."""
        try:
            moment = parse_datetime(request.GET.get("since", ""))
            if moment is not None and timezone.is_aware(moment):
                return cls(moment, int(request.GET.get("after", "")), request.GET.get("read") == "1")
        except (ValueError, OverflowError):
            pass
        return cls(timezone.now())

    def address_after(self, last: Notice) -> str:
        """The query of the page behind this notice."""
        was_read = last.read_at is not None and last.read_at < self.moment
        given = {"since": self.moment.isoformat(), "after": str(last.pk), "read": str(int(was_read))}
        return urlencode(given)


class ObjectionForm(forms.Form):
    """Why staff should look again."""

    words = forms.CharField(
        label=_("What should staff know?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": None}),
        error_messages={"required": _("Please say in a few words why staff should look again.")},
    )


@login_required
@never_cache
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """One's notices, the unread first; those that are shown count as read from now on."""
    place = Place.in_address(request)
    found = list(_from(place, Notice.objects.filter(person=person(request)))[: PAGE + 1])
    shown = found[:PAGE]
    lines = [
        (line, line.way is Way.ASK and may_undo(request.user, line.notice.decision))
        for line in lines_of(person(request), shown)
    ]
    context = {
        "lines": lines,
        "is_first_page": place.after is None,
        "older": place.address_after(shown[-1]) if len(found) > PAGE else "",
        "moment": place.moment,
    }
    response = render(request, "notices.html", context)
    if request.method == "GET":
        mark_read(person(request), Notice.objects.filter(pk__in=[each.pk for each in shown]))
    return response


def _from(place: Place, own: QuerySet[Notice]) -> QuerySet[Notice]:
    """The unread first, then the newest, behind the place."""
    unread, read = Q(read_at__isnull=True) | Q(read_at__gte=place.moment), Q(read_at__lt=place.moment)
    rank = Case(When(unread, then=Value(0)), default=Value(1), output_field=IntegerField())
    if place.after is not None:
        behind = Q(pk__lt=place.after)
        own = own.filter(read & behind if place.was_read else (unread & behind) | read)
    undo = own.select_related("decision__picture").prefetch_related("decision__opened_cases")
    return with_words(undo).order_by(rank, "-id")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask staff to look again at the decision of one of one's notices."""
    notice = with_words(Notice.objects.filter(pk=pk, person=person(request))).first()
    if notice is None or not notice.picture.is_owned_by(request.user):
        raise Http404("There is no such notice.")
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    problem, status = "", 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            object_to(person(request), notice.decision, notice.picture, form.cleaned_data["words"])
        except PROBLEMS as error:
            problem, status = words_for(error), status_for(error)
        else:
            messages.success(
                request,
                gettext("Thank you. Staff will look at it again, and you are told here what they say."),
            )
            return redirect("notices")
    context = {"line": lines_of(person(request), [notice])[0], "form": form, "problem": problem}
    return render(request, "objection.html", context, status=status)
