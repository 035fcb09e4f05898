"""The queue: filters, order, counters and pages, all in the address."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from board.models import User
from board.pages import waiting
from board.pages.queue import Wanted
from dedupe import workflow
from dedupe.imaging import Relation
from dedupe.models import Case, CaseKind
from dedupe.workflow import Resolution
from tests.board.pages.conftest import at, text
from tests.cases import case_about, published
from tests.people import person


def listed(client: Client, address: str) -> list[int]:
    """The cases of a page, in order."""
    rows = re.findall(r'class="row" href="/review/(\d+)', text(client.get(address)))
    return [int(row) for row in rows]


@pytest.fixture
def four(alice: User, bob: User) -> dict[str, Case]:
    """Four cases that differ in everything that can be asked for."""
    older = published(bob, 40, tags=("lake",))
    return {
        "sure": case_about(published(alice), older, hours_ago=30),
        "likely": case_about(
            published(bob, tags=("dusk",)),
            older,
            CaseKind.REPORT,
            relation=Relation.CROPPED,
            probability=0.8,
            hours_ago=2,
        ),
        "unsure": case_about(published(alice), published(bob), probability=0.3, hours_ago=200),
        "alone": Case.objects.create(kind=CaseKind.REPORT, picture=published(alice), opened_by=bob),
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["unsure", "sure", "likely", "alone"]),
        ("?sort=surest", ["sure", "likely", "unsure", "alone"]),
        ("?sort=doubtful", ["unsure", "likely", "sure", "alone"]),
        ("?kind=report", ["likely", "alone"]),
        ("?relation=cropped", ["likely"]),
        ("?sure=sure", ["sure"]),
        ("?sure=likely", ["likely"]),
        ("?sure=unsure", ["unsure"]),
        ("?by=ALICE", ["unsure", "sure", "alone"]),
        ("?age=day", ["unsure", "sure"]),
        ("?age=week", ["unsure"]),
        ("?age=month", []),
        ("?tag=Lake", ["sure", "likely"]),
        ("?tag=dusk", ["likely"]),
        ("?tag=lake&by=alice&sort=surest", ["sure"]),
        ("?kind=x&relation=x&sure=x&age=x&sort=x", ["unsure", "sure", "likely", "alone"]),
        ("?tag=%00&by=%00", ["unsure", "sure", "likely", "alone"]),
    ],
)
def test_the_address_says_what_is_listed(
    as_mod: Client, four: dict[str, Case], query: str, names: list[str]
) -> None:
    assert listed(as_mod, at("review") + query) == [four[name].pk for name in names]


def test_counters_honour_the_filters(as_mod: Client, four: dict[str, Case], alice: User) -> None:
    rival = person("rival", is_staff=True)
    workflow.claim_case(rival, four["sure"])
    page = text(as_mod.get(f"{at('review')}?by=alice"))
    assert "3 open, 1 with others." in page
    assert "Library <small>2</small>" in page
    assert "Reports <small>1</small>" in page
    of_reports = text(as_mod.get(f"{at('review')}?by=alice&kind=report"))
    assert "1 open." in of_reports
    assert "Library <small>2</small>" in of_reports


def test_what_was_asked_for_is_kept_through_a_decision(as_mod: Client, four: dict[str, Case]) -> None:
    query = "?tag=lake&sort=surest"
    page = text(as_mod.get(at("case", four["sure"].pk) + query))
    assert f'action="{at("close-case", four["sure"].pk)}?tag=lake&amp;sort=surest"' in page
    done = as_mod.post(at("close-case", four["sure"].pk) + query, {"act": "different"})
    assert done["Location"] == f"{at('case', four['likely'].pk)}?tag=lake&sort=surest"
    last = as_mod.post(at("close-case", four["likely"].pk) + query, {"act": "different"})
    assert last["Location"] == f"{at('review')}?tag=lake&sort=surest"
    assert "No case fits" in text(as_mod.get(last["Location"]))


def test_words_of_the_address_are_harmless(as_mod: Client) -> None:
    page = text(as_mod.get(f'{at("review")}?by="><svg onload=1>'))
    assert "<svg onload" not in page
    assert "No case fits" in page


@pytest.mark.parametrize("sort", ["", "surest", "doubtful"])
def test_pages_neither_skip_nor_repeat_while_others_work(
    as_mod: Client, mod: User, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    monkeypatch.setattr(waiting, "LISTED", 3)
    older = published(bob, 9)
    for number in range(9):
        case_about(published(alice), older, probability=0.5 + number // 2 / 10, hours_ago=number // 3)
    address = f"{at('review')}?sort={sort}"
    everything = list(Wanted(sort=sort).sorted(Wanted(sort=sort).cases()).values_list("pk", flat=True))
    first = listed(as_mod, address)
    assert first == everything[:3]
    further = after_this(as_mod, address)
    workflow.resolve_case(mod, Case.objects.get(pk=first[0]), Resolution.DIFFERENT)
    workflow.resolve_case(mod, Case.objects.get(pk=first[2]), Resolution.DIFFERENT)
    second = listed(as_mod, further)
    assert second == everything[3:6]
    assert listed(as_mod, after_this(as_mod, further)) == everything[6:]


def after_this(client: Client, address: str) -> str:
    found = re.search(r'rel="next" href="([^"]+)"', text(client.get(address)))
    assert found is not None
    return unescape(found[1])


@pytest.mark.parametrize("after", ["", "x", "~", "2020-01-01~1", "nan~5", "x~99999999999999999999999999"])
def test_a_cursor_without_sense_shows_something(as_mod: Client, four: dict[str, Case], after: str) -> None:
    for sort in ("", "surest"):
        assert as_mod.get(at("review"), {"after": after, "sort": sort}).status_code == 200


def test_a_page_whose_rest_was_decided_leads_back(as_mod: Client, four: dict[str, Case]) -> None:
    page = text(as_mod.get(at("review"), {"after": "2999-01-01T00:00:00+00:00~1"}))
    assert "Nothing further" in page


def test_an_address_is_read_and_written_alike() -> None:
    wanted = Wanted.read(QueryDict("kind=find&sort=surest&by=%C3%A5sa+b&x=1"))
    assert Wanted.read(QueryDict(wanted.query[1:])) == wanted
    assert Wanted().query == ""


def questions(client: Client, address: str) -> int:
    """How many queries a page takes."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_queue_and_a_case_ask_as_many_questions_however_many_wait(
    as_mod: Client, alice: User, bob: User
) -> None:
    older = published(bob, 9)
    case = case_about(published(alice), older, hours_ago=5)
    case_about(published(alice), older)
    pages = (at("review"), at("case", case.pk))
    as_mod.get(at("review"))
    few = [questions(as_mod, page) for page in pages]
    for _ in range(8):
        case_about(published(alice), older)
    assert [questions(as_mod, page) for page in pages] == few == [10, 17]
