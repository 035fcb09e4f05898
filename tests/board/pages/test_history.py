"""What was decided: who sees it, in which words, page by page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from board.models import User
from board.pages import history
from board.pages import upload as upload_module
from board.roles import SiteRole
from dedupe import workflow
from dedupe.models import Case, Decision, Match, Picture, Verdict
from tests.board.pages.conftest import Upload, at, browser_of, jpeg, person, text


def test_people_see_what_staff_decided_about_their_pictures_without_a_name(
    as_bob: Client, as_alice: Client, mod: User, live: Picture
) -> None:
    workflow.withdraw(mod, live, "not ours")
    page = text(as_bob.get(at("history")))
    assert "<b>Staff</b> removed the picture" in page
    assert "not ours" in page
    assert ">mod<" not in page
    assert "Nothing was decided yet" in text(as_alice.get(at("history")))


def test_reviewers_see_everything_and_who(as_mod: Client, mod: User, override: Case) -> None:
    workflow.close_case(mod, override, uphold=True)
    rita = browser_of(person("rita", role=SiteRole.REVIEWER))
    page = text(rita.get(at("history")))
    assert '<a href="/people/mod">mod</a></b> upheld a case' in page
    assert '<a href="/people/alice">alice</a></b> called it a different picture' in page
    assert at("case", override.pk) in page
    assert at("case", override.pk) not in text(browser_of(override.opened_by).get(at("history")))


def test_an_undo_of_staff_takes_a_reason(as_mod: Client, as_alice: Client, override: Case) -> None:
    address = at("undo", override.cause_id)
    assert "Why? (may stay empty)" in text(as_mod.get(at("history")))
    assert "Why? (may stay empty)" not in text(as_alice.get(at("history")))
    as_mod.post(address, {"reason": "She was right"})
    assert Decision.objects.get(kind="undo").reason == "She was right"


def test_a_reviewer_is_offered_the_undo_of_their_own_decisions_alone(override: Case, mod: User) -> None:
    rita = person("rita", role=SiteRole.REVIEWER)
    ruling = workflow.close_case(rita, override, uphold=True)
    page = text(browser_of(rita).get(at("history")))
    assert at("undo", ruling.pk) in page
    assert at("undo", override.cause_id) not in page
    assert browser_of(rita).post(at("undo", override.cause_id)).status_code == 403


def test_what_changed_is_said_in_words(as_alice: Client, redirecting: Picture, live: Picture) -> None:
    page = text(as_alice.get(at("picture", redirecting.public_id) + "?stay=1"))
    assert "was waiting for an answer and became withdrawn." in page
    assert "Its address leads to “\u2068The lake\u2069”." in page
    assert "The two are remembered as the same picture." in page
    assert f'The other picture: <a href="{at("picture", live.public_id)}?stay=1">The lake</a>' in page


def test_the_other_side_is_not_named_to_who_may_not_see_it(
    as_bob: Client, as_mod: Client, proposal: Case, held: Picture, live: Picture, mod: User
) -> None:
    decision = workflow.close_case(mod, proposal, uphold=True)
    workflow.withdraw(held.owner, Picture.objects.get(pk=held.pk))
    live.refresh_from_db()
    page = text(as_bob.get(at("picture", live.public_id) + "?stay=1"))
    assert "<b>Staff</b> upheld a case" in page
    assert "The other picture:" not in page
    assert "svg" not in page.partition("What was decided")[2]
    assert "The other picture:" in text(as_mod.get(at("picture", live.public_id) + "?stay=1"))
    assert decision.match is not None


def test_words_for_what_hangs_on_a_picture_and_for_an_undo(
    as_mod: Client, proposal: Case, mod: User, held: Picture
) -> None:
    decision = workflow.close_case(mod, proposal, uphold=True)
    assert "Moved along: 2 tags" in text(as_mod.get(at("history")))
    workflow.undo_decision(mod, decision)
    page = text(as_mod.get(at("history")))
    assert "Put back: 2 tags" in page
    assert "has its address to itself again." in page
    assert "The case is open again." in page


def test_pages_of_decisions_neither_skip_nor_repeat_while_others_decide(
    as_bob: Client, bob: User, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PAGE", 2)
    pictures = [upload(bob, jpeg(seed)) for seed in range(1, 6)]
    made = [workflow.withdraw(bob, each).pk for each in pictures[:4]]
    first = as_bob.get(at("history")).context
    workflow.withdraw(bob, pictures[4])
    second = as_bob.get(at("history") + first["older"]).context
    seen = [line.decision.pk for context in (first, second) for line in context["lines"]]
    assert seen == made[::-1]
    assert second["older"] == ""
    assert "That was the oldest one" in text(as_bob.get(f"{at('history')}?before={made[0]}"))
    assert "No decision fits" in text(as_bob.get(f"{at('history')}?kind=review"))
    for nonsense in ("x", "-1", "9" * 30, "²"):
        assert as_bob.get(at("history"), {"before": nonsense}).status_code == 200


def test_the_choice_stays_from_page_to_page(
    as_mod: Client, bob: User, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PAGE", 1)
    for seed in (1, 2):
        workflow.withdraw(bob, upload(bob, jpeg(seed)))
    older = as_mod.get(f"{at('history')}?person=BOB&kind=withdrawal").context["older"]
    assert older.startswith("?kind=withdrawal&person=BOB&before=")
    assert len(as_mod.get(at("history") + older).context["lines"]) == 1


def test_pages_of_uploads_neither_skip_nor_repeat_while_questions_are_answered(
    as_alice: Client,
    alice: User,
    held: Picture,
    match: Match,
    upload: Upload,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(upload_module, "PAGE", 2)
    more = [upload(alice, jpeg(seed)) for seed in range(2, 6)]
    first = as_alice.get(at("uploads")).context
    assert [each for each, _ in first["uploads"]] == [held, more[3]]
    upload(alice, jpeg(9))
    workflow.answer(alice, held, match, Verdict.DIFFERENT, "another day")
    second = as_alice.get(at("uploads") + first["older"]).context
    assert [each for each, _ in second["uploads"]] == [more[2], more[1]]
    third = as_alice.get(at("uploads") + second["older"]).context
    assert [each for each, _ in third["uploads"]] == [more[0], held], "answered, it stands among the others"
    assert third["older"] == ""


def test_a_page_that_ends_with_a_question_goes_on_behind_it(
    as_alice: Client, alice: User, held: Picture, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_module, "PAGE", 1)
    other = upload(alice, jpeg(7))
    older = as_alice.get(at("uploads")).context["older"]
    assert older == f"?before=q-{held.public_id}"
    assert [each for each, _ in as_alice.get(at("uploads") + older).context["uploads"]] == [other]
    for nonsense in ("", "q-", "r-nothing", "z-" + held.public_id):
        assert as_alice.get(at("uploads"), {"before": nonsense}).context["newest"] == ""


def test_the_menu_offers_what_a_role_may_open(alice: User, mod: User) -> None:
    rita = person("rita", role=SiteRole.REVIEWER)
    menus: dict[str, Any] = {user.username: text(browser_of(user).get("/")) for user in (alice, rita, mod)}
    offered = {
        name: [where for where in ("review", "stats", "admin:index") if f'href="{at(where)}"' in page]
        for name, page in menus.items()
    }
    assert offered == {"alice": [], "rita": ["review"], "mod": ["review", "stats", "admin:index"]}
