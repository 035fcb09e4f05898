"""The page of notices, and objecting."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from board.models import Notice, User
from board.pages import notices
from dedupe import workflow
from dedupe.models import Case, Picture
from tests.board.pages.conftest import at, text
from tests.pairs import published
from tests.people import person


@pytest.fixture
def removed(alice: User, mod: User) -> Picture:
    """Alice's picture that staff have removed."""
    picture = published(alice, "The harbour")
    workflow.withdraw(mod, picture, "Too <b>bright</b>")
    return picture


def notice_of(person: User) -> Notice:
    return Notice.objects.filter(person=person).latest("id")


def test_it_says_what_happened_why_and_how_to_object(as_alice: Client, removed: Picture, alice: User) -> None:
    page = text(as_alice.get(at("notices")))
    for words in ("Your picture was removed", "Too &lt;b&gt;bright&lt;/b&gt;", "The harbour", ">New<"):
        assert words in page
    assert at("object", notice_of(alice).pk) in page
    assert "mod" not in page.replace("model", ""), "who it was is not told"


def test_opening_reads_them_and_the_menu_counts(as_alice: Client, removed: Picture, alice: User) -> None:
    menu = text(as_alice.get(at("search")))
    assert '<span class="count" title="Notices that you have not read">1' in menu
    as_alice.head(at("notices"))
    assert notice_of(alice).read_at is None
    as_alice.get(at("notices"))
    assert notice_of(alice).read_at is not None
    again = text(as_alice.get(at("notices")))
    assert ">New<" not in again
    assert "Notices that you have not read" not in again


def test_other_people_see_nothing_of_them(
    as_bob: Client, client: Client, removed: Picture, alice: User
) -> None:
    page = text(as_bob.get(at("notices")))
    assert "Nothing to tell you" in page
    assert "harbour" not in page
    address = at("object", notice_of(alice).pk)
    assert as_bob.get(address).status_code == as_bob.post(address, {"words": "x"}).status_code == 404
    assert client.get(at("notices")).status_code == client.post(address).status_code == 302
    assert not Case.objects.exists()


def test_pages_follow_without_gaps_while_they_are_being_read(
    as_alice: Client, alice: User, mod: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "PAGE", 2)
    for number in range(7):
        workflow.withdraw(mod, published(alice, f"n{number}"))
    old = list(Notice.objects.order_by("id"))
    Notice.objects.filter(pk__in=[old[5].pk, old[6].pk]).update(read_at=old[6].created_at)
    seen: list[int] = []
    address = at("notices")
    while address:
        context = as_alice.get(address).context
        seen += [line.notice.pk for line, _ in context["lines"]]
        address = f"{at('notices')}?{context['older']}" if context["older"] else ""
    expected = [old[index].pk for index in (4, 3, 2, 1, 0, 6, 5)]
    assert seen == expected, "the unread first, each once"


@pytest.mark.parametrize("query", ["since=nonsense&after=3", "since=2026-01-01T00:00:00%2B00:00&after=x"])
def test_a_mistyped_place_begins_anew(as_alice: Client, removed: Picture, query: str) -> None:
    assert "The harbour" in text(as_alice.get(f"{at('notices')}?{query}"))


def test_objecting_files_a_case_once(as_alice: Client, removed: Picture, alice: User) -> None:
    notice = notice_of(alice)
    address = at("object", notice.pk)
    assert "Your picture was removed" in text(as_alice.get(address))
    response = as_alice.post(address, {"words": "I took it myself"})
    assert response["Location"] == at("notices")
    case = Case.objects.get()
    assert (case.picture, case.cause, case.reason) == (removed, notice.decision, "I took it myself")
    assert "You have asked staff to look again" in text(as_alice.get(at("notices")))
    assert "You have asked staff to look again" in text(as_alice.get(address))
    again = as_alice.post(address, {"words": "Once more"})
    assert again.status_code == 409
    assert "already" in text(again)


def test_an_objection_without_words_is_asked_for_them(
    as_alice: Client, removed: Picture, alice: User
) -> None:
    address = at("object", notice_of(alice).pk)
    assert "Please say in a few words" in text(as_alice.post(address, {"words": " "}))
    long = as_alice.post(address, {"words": "y" * 501})
    assert long.status_code == 400
    assert "y" * 501 in text(long), "what was typed is kept"
    assert not Case.objects.exists()


def test_staff_put_it_back_and_the_uploader_is_told(
    as_alice: Client, as_mod: Client, removed: Picture, alice: User
) -> None:
    as_alice.post(at("object", notice_of(alice).pk), {"words": "I took it myself"})
    as_mod.post(at("undo", notice_of(alice).decision_id), {"reason": "You are right"})
    page = text(as_alice.get(at("notices")))
    for words in ("published again", "You are right", "This was undone later"):
        assert words in page


def test_staff_undo_what_was_decided_about_their_own(as_mod: Client, mod: User) -> None:
    other = person("mia", is_staff=True)
    workflow.withdraw(other, published(mod))
    page = text(as_mod.get(at("notices")))
    assert at("undo", notice_of(mod).decision_id) in page


def test_the_number_of_queries_does_not_grow(
    as_alice: Client, alice: User, mod: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(25):
        workflow.withdraw(mod, published(alice, f"n{number}"))
    with django_assert_max_num_queries(12):
        assert as_alice.get(at("notices")).status_code == 200
