"""What the jail said of the few pictures with which tests begin: asked once a process, and told again.

The same bytes always give the same analysis, and the same views the same comparison (the tests of ``dedupe.imaging``
and ``dedupe.jail`` prove it), so the scene of every test can be set without computing it anew.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

import pytest

from dedupe.imaging import Comparison
from dedupe.jail.client import Jailed, analyse_file, compare_views
from dedupe.jail.comparing import Views
from dedupe.search import comparisons
from dedupe.workflow import numbers

_T = TypeVar("_T")
_MOST = 200
"""Answers that are kept; an analysis takes about 100 kB."""
_answers: OrderedDict[Hashable, Any] = OrderedDict()
_remembering: ContextVar[bool] = ContextVar("_remembering", default=False)


def place_before_the_jail(monkeypatch: pytest.MonkeyPatch) -> None:
    """For this test; the jail itself is asked unless the caller is ``remembering``.

    What a test has already put in the jail's place stays there.
    """
    if numbers.analyse_file is analyse_file:
        monkeypatch.setattr(numbers, "analyse_file", _analyse)
    if comparisons.compare_views is compare_views:
        monkeypatch.setattr(comparisons, "compare_views", _compare)


@contextmanager
def remembering() -> Iterator[None]:
    """Within, and in this thread, the jail is asked nothing twice."""
    token = _remembering.set(True)
    try:
        yield
    finally:
        _remembering.reset(token)


def forget() -> None:
    """For tests whose subject is the analysis itself: everything is computed again."""
    _answers.clear()


def _analyse(path: Path) -> Jailed:
    return _once(path.read_bytes(), lambda: analyse_file(path))


def _compare(query: Views, stored: Sequence[Views]) -> list[Comparison | None]:
    question = (tuple(query), tuple(tuple(views) for views in stored))
    return list(_once(question, lambda: compare_views(query, stored)))


def _once(question: Hashable, ask: Callable[[], _T]) -> _T:
    """The answer given before, or a fresh one; what is raised is not kept."""
    if not _remembering.get():
        return ask()
    if question not in _answers:
        _answers[question] = ask()
        if len(_answers) > _MOST:
            _answers.popitem(last=False)
    _answers.move_to_end(question)
    answer: _T = _answers[question]
    return answer
