"""The review queue, the history and the numbers."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from board.models import User
from board.pages.plot import plot_of
from board.pages.stats import settings_of
from dedupe import workflow
from dedupe.models import Case, Decision, Picture, Verdict
from dedupe.statistics import Band, Tally
from tests.board.pages.conftest import Upload, at, browser_of, jpeg, person, text

PART = {"X-Desk": "1"}


def state_of(picture: Picture) -> str:
    return Picture.objects.get(pk=picture.pk).state


def test_an_empty_queue_says_so(as_mod: Client) -> None:
    assert "Nothing waits" in text(as_mod.get(at("review")))


def test_the_queue_lists_and_counts(as_mod: Client, override: Case, live: Picture, alice: User) -> None:
    workflow.report_picture(alice, live, "a repost")
    page = text(as_mod.get(at("review")))
    assert "2 open" in page
    assert "Overrides <small>1</small>" in page
    assert "Reports <small>1</small>" in page
    only = text(as_mod.get(f"{at('review')}?kind=report"))
    assert "a repost" in only
    assert "another season" not in only
    assert as_mod.get(f"{at('review')}?kind=nonsense").status_code == 200


def test_a_case_says_who_said_what_and_what_follows(as_mod: Client, override: Case) -> None:
    page = text(as_mod.get(at("case", override.pk)))
    assert "alice called it a different picture: “another season”" in page
    assert "its address leads to the older" in page
    for key in "1234":
        assert f'data-key="{key}"' in page


def test_opening_claims_and_others_see_who(as_mod: Client, override: Case) -> None:
    claimed = as_mod.post(at("claim-case", override.pk), headers=PART)
    assert "You have this case until" in text(claimed)
    other = browser_of(person("mia", is_staff=True))
    page = text(other.get(at("case", override.pk)))
    assert "mod is looking at this case" in page
    assert at("close-case", override.pk) not in page
    told = other.post(at("claim-case", override.pk), headers=PART)
    assert (told.status_code, "mod is looking" in text(told)) == (409, True)
    refused = other.post(at("close-case", override.pk), {"act": "different"})
    assert refused.status_code == 409
    assert "1 with others" in text(other.get(at("review")))
    assert "with mod" in text(other.get(at("review")))


def test_without_scripts_a_claim_leads_back(as_mod: Client, override: Case) -> None:
    response = as_mod.post(f"{at('claim-case', override.pk)}?kind=override")
    assert response["Location"] == f"{at('case', override.pk)}?kind=override"
    assert as_mod.post(at("claim-case", override.pk + 9)).status_code == 404


@pytest.mark.parametrize(
    ("act", "state"), [("different", "live"), ("variant", "live"), ("keep_older", "withdrawn")]
)
def test_deciding_an_override(as_mod: Client, override: Case, held: Picture, act: str, state: str) -> None:
    response = as_mod.post(at("close-case", override.pk), {"act": act, "reason": "looked"})
    assert (response["Location"], state_of(held)) == (at("review"), state)
    page = text(as_mod.get(at("review")))
    assert "Undo my last decision" in page
    closed = text(as_mod.get(at("case", override.pk)))
    assert "This case is closed" in closed
    assert "by mod" in closed
    again = as_mod.post(at("close-case", override.pk), {"act": act})
    assert again.status_code == 409
    assert "Somebody was first" in text(again)


def test_taking_the_better_copy_and_undoing_it(
    as_mod: Client, proposal: Case, held: Picture, live: Picture
) -> None:
    assert "takes the place of the older" in text(as_mod.get(at("case", proposal.pk)))
    as_mod.post(at("close-case", proposal.pk), {"act": "keep_newer"})
    assert (state_of(held), state_of(live)) == ("live", "withdrawn")
    decision = Decision.objects.get(kind="review")
    as_mod.post(at("undo", decision.pk), {"next": at("case", proposal.pk)})
    assert (state_of(held), state_of(live)) == ("held", "live")


def test_the_next_case_follows(as_mod: Client, override: Case, live: Picture, alice: User, bob: User) -> None:
    report = workflow.report_picture(bob, live, "look")
    assert at("case", report.pk) in text(as_mod.get(at("case", override.pk)))
    response = as_mod.post(at("close-case", override.pk), {"act": "different"})
    assert response["Location"] == at("case", report.pk)
    page = text(as_mod.get(response["Location"]))
    assert "bob reported it: “look”" in page
    assert "Remove it" in page
    as_mod.post(at("close-case", report.pk), {"act": "remove"})
    assert state_of(live) == "removed"


def test_a_report_of_a_copy(as_mod: Client, live: Picture, upload: Upload, bob: User, alice: User) -> None:
    other = upload(bob, jpeg(seed=7))
    case = workflow.report_picture(alice, other, "", live)
    page = text(as_mod.get(at("case", case.pk)))
    assert "alice reported the newer one as a copy, without a reason" in page
    assert "Keep the newer" in page


@pytest.mark.parametrize("given", [{}, {"act": "burn"}])
def test_an_unknown_act_does_nothing(as_mod: Client, override: Case, given: dict[str, str]) -> None:
    assert as_mod.post(at("close-case", override.pk), given).status_code == 404


def test_a_variant_override(as_mod: Client, held: Picture, match: Any, alice: User) -> None:
    workflow.answer(alice, held, match, Verdict.VARIANT)
    page = text(as_mod.get(at("case", Case.objects.get().pk)))
    assert "alice called it a variant" in page
    assert "Both stay, linked" in page


def test_the_history_by_person_and_kind(
    as_mod: Client, as_alice: Client, as_bob: Client, override: Case, mod: User
) -> None:
    workflow.close_case(mod, override, uphold=False)
    everything = text(as_mod.get(at("history")))
    assert "reversed a case" in everything
    assert "called it a different picture" in everything
    assert "reversed a case" not in text(as_mod.get(f"{at('history')}?person=ALICE"))
    assert "called it" not in text(as_mod.get(f"{at('history')}?kind=review&person=mod"))
    own = text(as_alice.get(f"{at('history')}?person=mod"))
    assert "<b>Staff</b> reversed a case" in own, (
        "it was her upload, and nobody else's name is hers to choose by"
    )
    assert "called it a different picture" in own
    assert "Nothing was decided yet" in text(as_bob.get(f"{at('history')}?kind=nonsense"))


def test_deeds_of_all_kinds_have_words(as_mod: Client, as_bob: Client, live: Picture, bob: User) -> None:
    decision = workflow.withdraw(bob, live)
    workflow.undo_decision(bob, decision)
    page = text(as_mod.get(at("history")))
    assert "took the picture back" in page
    assert "undid an earlier decision" in page
    assert "· undone" in page


def test_the_history_asks_few_questions(
    as_mod: Client, override: Case, mod: User, django_assert_max_num_queries: Any
) -> None:
    workflow.close_case(mod, override, uphold=True)
    with django_assert_max_num_queries(11):
        as_mod.get(at("history"))


def test_the_numbers(as_mod: Client, override: Case) -> None:
    for query in ("", "?days=7", "?days=30", "?days=90", "?days=x"):
        page = text(as_mod.get(f"{at('stats')}{query}"))
        assert "DOPPEL_ASK_PROBABILITY" in page
        assert '<rect class="different"' in page


def test_an_empty_board_has_no_plot(as_mod: Client) -> None:
    page = text(as_mod.get(at("stats")))
    assert "Nobody was asked in this time" in page
    assert "<rect" not in page


def test_every_setting_has_its_meaning() -> None:
    for group in ("matching", "deadlines", "reviewing"):
        assert all(setting.meaning for setting in settings_of(group))


def test_bars_stack_within_the_plot() -> None:
    tally = Tally(asked=21, same=10, better=1, variant=4, different=5, unanswered=1)
    plot = plot_of([Band(0, 0, tally), Band(1, 8, Tally())])
    assert [block.kind for block in plot.blocks] == ["same", "better", "variant", "different", "open"]
    assert all(block.y >= 0 and block.y + block.height <= plot.height for block in plot.blocks)
    for lower, upper in zip(plot.blocks, plot.blocks[1:], strict=False):
        assert upper.y + upper.height == pytest.approx(lower.y, abs=0.11)
    assert [mark.text for mark in plot.beside] == ["0", "10", "20", "30", "40"]
    assert plot_of([]).blocks == ()
