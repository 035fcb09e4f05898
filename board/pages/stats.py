"""The measure of success, and the settings that decide who is asked."""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass, fields
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from board.pages.access import only_with
from board.pages.plot import plot_of
from dedupe import conf as settings_module
from dedupe.agreement import agreement
from dedupe.conf import conf
from dedupe.models import Power
from dedupe.statistics import gather

PERIODS = {
    "7": gettext_lazy("7 days"),
    "30": gettext_lazy("30 days"),
    "90": gettext_lazy("90 days"),
    "": gettext_lazy("All time"),
}


@dataclass(frozen=True)
class Setting:
    """One setting in force: its name in the environment, its value and what it means."""

    name: str
    value: Any
    meaning: str


@only_with(Power.SEE_STATISTICS)
@require_safe
def stats(request: HttpRequest) -> HttpResponse:
    """What people said when they were asked, in the last ``?days=`` or ever."""
    days = request.GET.get("days", "")
    days = days if days in PERIODS else ""
    since = timezone.now() - timedelta(days=int(days)) if days else None
    found = gather(since)
    context = {
        "numbers": found,
        "agreement": agreement(since),
        "plot": plot_of(found.bands),
        "asked_share": found.uploads_asked / found.uploads if found.uploads else None,
        "periods": [{"key": key, "label": label, "is_chosen": key == days} for key, label in PERIODS.items()],
        "groups": [
            (_("Who is asked"), settings_of("matching")),
            (_("How long things take"), settings_of("deadlines")),
            (_("What staff are given"), settings_of("reviewing")),
        ],
        "settings_version": conf().matching.version,
    }
    return render(request, "stats.html", context)


def settings_of(group: str) -> list[Setting]:
    """The settings of one group of ``dedupe.conf`` with their values in force and their own documentation."""
    values = getattr(conf(), group)
    meaning = _meanings()[type(values).__name__]
    return [
        Setting(
            f"DOPPEL_{each.name.upper()}", getattr(values, each.name), _in_words(meaning.get(each.name, ""))
        )
        for each in fields(values)
    ]


def _in_words(meaning: str) -> str:
    return _(meaning) if meaning else ""


@lru_cache(maxsize=1)
def _meanings() -> dict[str, dict[str, str]]:
    """The string below each field, by class: Python forgets it at run time, so it is read from the source."""
    tree = ast.parse(inspect.getsource(settings_module))
    return {node.name: _documented(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _documented(node: ast.ClassDef) -> dict[str, str]:
    found = {}
    for field, text in zip(node.body, node.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(text, ast.Expr)
        ):
            found[field.target.id] = str(ast.literal_eval(text.value))
    return found
