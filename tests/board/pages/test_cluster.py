"""A cluster on the desk: one line of the queue, all pictures on one page, one decision."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from board.models import User
from board.pages.keeping import best_of
from dedupe import workflow
from dedupe.models import Case, CaseKind, CaseState, Match, Picture, State, Verdict
from dedupe.search import SearchFailed
from dedupe.workflow import Ruling
from tests.board.pages.conftest import Upload, at, browser_of, jpeg, person, text
from tests.board.pages.test_query_counts import queries_of
from tests.board.pages.test_queue import listed
from tests.cases import published
from tests.dedupe.workflow.test_clusters import filed

PART = {"X-Desk": "1"}


@pytest.fixture
def three(alice: User, bob: User) -> list[Picture]:
    """A≈B≈C, the oldest first; B is the largest, and A and C were never compared."""
    a, b, c = published(bob, 9), published(alice, 8, width=640, height=480), published(alice, 7)
    filed(b, a)
    filed(c, b)
    return [a, b, c]


def case() -> Case:
    return Case.objects.order_by("pk")[0]


def laid(keep: Picture, **more: object) -> dict[str, object]:
    return {"keep": keep.public_id, "act": "laid", **more}


def test_the_queue_shows_one_line_with_the_number_of_pictures(
    as_mod: Client, three: list[Picture], alice: User, bob: User
) -> None:
    pair = filed(published(alice), published(bob))
    assert listed(as_mod, at("review")) == [case().pk, pair.pk]
    page = text(as_mod.get(at("review")))
    assert "2 open" in page
    assert "3 pictures</b>" in page
    assert "Library <small>2</small>" in page


def test_the_page_shows_all_and_keeps_the_best_with_its_reason(as_mod: Client, three: list[Picture]) -> None:
    page = text(as_mod.get(at("case", case().pk)))
    assert "3 pictures hang together. Which one stays?" in page
    assert "We would keep No. 2: it is larger, 640 × 480 against 320 × 240." in page
    assert page.count('<li class="member') == 3
    assert 'class="member kept' in page
    for key in ("1", "3", "m", "v", "d", "l", "n", "s", "f"):
        assert f'data-key="{key}"' in page
    assert "No. 2 stays; 2 lead to it." in page


def test_another_one_is_kept_and_shown_by_its_link(as_mod: Client, three: list[Picture]) -> None:
    a, _, c = three
    page = text(as_mod.get(at("case", case().pk)))
    link = next(href for href in re.findall(r'href="([^"]+)"[^>]*data-key="1"', page))
    kept = as_mod.get(unescape(link), headers=PART)
    assert f"keep={a.public_id}" in kept["X-Desk-Address"]
    assert "No. 1 stays; 2 lead to it." in text(kept)
    shown = text(as_mod.get(f"{at('case', case().pk)}?keep={a.public_id}&beside={c.public_id}"))
    assert "No. 3 and No. 1 could not be laid over each other" in shown


def test_what_is_said_of_each_is_laid_out_and_decided(as_mod: Client, three: list[Picture]) -> None:
    a, b, c = three
    done = as_mod.post(
        at("decide-cluster", case().pk),
        laid(a, say=[f"{b.public_id}.same", f"{c.public_id}.variant"], reason="looked"),
    )
    assert done["Location"] == at("review")
    states = [Picture.objects.get(pk=each.pk).state for each in three]
    assert states == [State.LIVE, State.WITHDRAWN, State.LIVE]
    page = text(as_mod.get(at("review")))
    assert "Decided: 1 leads to it, 1 linked as a variant." in page
    assert "1 decided in this session" in page


def test_all_the_same_and_undo_last_take_it_in_one_go(as_mod: Client, three: list[Picture]) -> None:
    a, b, c = three
    say = [f"{a.public_id}.later", f"{c.public_id}.variant"]
    as_mod.post(at("decide-cluster", case().pk), laid(b, act="all", say=say))
    assert set(Picture.objects.filter(duplicate_of=b)) == {a, c}
    closed = text(as_mod.get(at("case", case().pk)))
    assert "more decision" in closed
    assert "Open them all again" in closed
    undone = as_mod.post(at("undo-last"), headers=PART)
    assert "Undone. Everything is as it was before." in text(undone)
    assert Picture.objects.filter(state=State.LIVE).count() == 3
    assert Case.objects.filter(state=CaseState.OPEN).count() == 2


def test_the_whole_act_is_undone_from_its_closed_case(
    as_mod: Client, mod: User, three: list[Picture]
) -> None:
    a, b, c = three
    (first, *_) = workflow.decide_cluster(mod, case(), Ruling(b.pk, {a.pk: Verdict.SAME, c.pk: Verdict.SAME}))
    as_mod.post(at("undo", first.pk), {"whole": "yes", "next": at("review")})
    assert Picture.objects.filter(state=State.LIVE).count() == 3


def test_nothing_said_and_nonsense_decide_nothing(as_mod: Client, three: list[Picture]) -> None:
    a, b, _ = three
    address = at("decide-cluster", case().pk)
    refused = as_mod.post(address, laid(a, say=[f"{b.public_id}.later"]), headers=PART)
    assert refused.status_code == 409
    assert "Nothing was decided" in text(refused)
    assert "No. 1 stays; 2 left for later." not in text(refused), "what was not said is proposed"
    assert as_mod.post(address, laid(a, act="burn")).status_code == 404
    assert as_mod.post(address, {"act": "all", "keep": "nobody", "say": "x.same"}).status_code == 409
    assert as_mod.get(f"{at('case', case().pk)}?keep=<b>&beside=%00&say=.&say=x.same").status_code == 200
    assert Case.objects.filter(state=CaseState.OPEN).count() == 2


def test_a_refusal_keeps_what_was_laid_out(as_mod: Client, three: list[Picture]) -> None:
    a, b, c = three
    rival = person("rival", is_staff=True)
    workflow.claim_case(rival, case())
    say = [f"{b.public_id}.variant", f"{c.public_id}.different"]
    refused = as_mod.post(at("decide-cluster", case().pk), laid(a, say=say), headers=PART)
    assert refused.status_code == 409
    assert "rival is looking at one of these pictures." in text(refused)
    said = re.findall(r'class="verdict (\w*)"', text(refused))
    assert said == ["", "variant", "different"]
    assert "data-decides" not in text(refused)


def test_skipping_leaves_the_whole_cluster(
    as_mod: Client, three: list[Picture], alice: User, bob: User
) -> None:
    other = filed(published(alice), published(bob))
    workflow.claim_case(User.objects.get(username="mod"), case())
    skipped = as_mod.post(at("skip-case", case().pk))
    assert skipped["Location"] == at("case", other.pk)
    alone = as_mod.post(at("skip-case", other.pk))
    assert alone["Location"] == at("case", case().pk)


def test_what_others_have_a_part_of_is_passed_over(as_mod: Client, three: list[Picture]) -> None:
    rival = person("rival", is_staff=True)
    second = Case.objects.order_by("pk")[1]
    Case.objects.filter(pk=second.pk).update(claimed_by=rival, claimed_until="2099-01-01T00:00Z")
    assert "1 with others" in text(as_mod.get(at("review")))
    told = as_mod.post(at("claim-case", case().pk), headers=PART)
    assert told.status_code == 409
    assert "rival is looking at one of these pictures." in text(told)


def test_a_sample_among_them_stays_blind(as_mod: Client, three: list[Picture]) -> None:
    sample = filed(published(three[0].owner), three[0], CaseKind.SAMPLE)  # type: ignore[arg-type]
    page = text(as_mod.get(at("case", sample.pk)))
    assert "say what you see" in page
    assert "hang together" not in page


def test_the_best_of_several_is_explained(alice: User) -> None:
    small, large = published(alice, 9), published(alice, 2, width=640, height=480)
    lossless = published(alice, 1, width=640, height=480, format="png", quality=None)
    assert best_of([small, large]) == (large, "it is larger, 640 × 480 against 320 × 240")
    assert best_of([small, large, lossless]) == (lossless, "it is lossless, PNG against JPEG, quality 90")
    assert best_of([small, published(alice)]) == (
        small,
        "the others are no better, and it has been here longest",
    )


def test_the_page_asks_as_many_questions_however_many_hang_together(
    mod: User, three: list[Picture], alice: User
) -> None:
    browser, address = browser_of(mod), at("case", case().pk)
    filed(published(alice), published(alice))
    browser.get(address)
    few = queries_of(browser, address), queries_of(browser, at("review"))
    for _ in range(5):
        filed(published(alice), three[1])
    for _ in range(5):
        first, second = published(alice), published(alice)
        filed(second, first)
        filed(published(alice), second)
    many = queries_of(browser, address), queries_of(browser, at("review"))
    assert [len(each) for each in many] == [len(each) for each in few]


def test_two_that_were_never_compared_are_compared_for_whoever_looks(
    as_mod: Client, upload: Upload, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = upload(bob, jpeg(7, quality=92)), upload(alice, jpeg(30))
    with monkeypatch.context() as unasking:  # as after an import into a board that asked less
        unasking.setattr("dedupe.workflow.publication._without_decided", lambda picture, found: [])
        c = upload(alice, jpeg(7, quality=50, size=(240, 180)))
    assert {a.state, b.state, c.state} == {State.LIVE}
    filed(b, a)
    filed(c, b)
    matches = Match.objects.count()
    address = f"{at('case', case().pk)}?keep={a.public_id}&beside={c.public_id}"
    page = text(as_mod.get(address))
    assert "data-matrix=" in page
    assert "No. 3 looks like" in page
    assert "in another size" in page
    assert "could not be laid over" not in page
    assert Match.objects.count() == matches, "nothing is kept, so nobody is asked"
    monkeypatch.setattr("dedupe.search.pairs.compare_pictures", lambda *_: pytest.fail("compared once more"))
    assert "data-matrix=" in text(as_mod.get(address))


def test_two_that_do_not_lie_over_each_other_are_said_to(
    as_mod: Client, upload: Upload, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b, c = upload(bob, jpeg(7)), upload(alice, jpeg(30)), upload(alice, jpeg(61))
    filed(b, a)
    filed(c, b)
    address = f"{at('case', case().pk)}?keep={a.public_id}&beside={c.public_id}"
    page = text(as_mod.get(address))
    assert "No. 3 and No. 1 could not be laid over each other" in page
    assert "data-matrix=" not in page
    monkeypatch.setattr("dedupe.search.pairs.compare_pictures", lambda *_: pytest.fail("compared once more"))
    assert "could not be laid over" in text(as_mod.get(address))


def test_a_comparison_that_cannot_be_had_now_leaves_the_page_as_it_was(
    as_mod: Client, three: list[Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    def out(*_: object) -> None:
        raise SearchFailed("storage does not answer")

    monkeypatch.setattr("dedupe.search.pairs.compare_pictures", out)
    a, _, c = three
    page = text(as_mod.get(f"{at('case', case().pk)}?keep={a.public_id}&beside={c.public_id}"))
    assert "No. 3 and No. 1 could not be laid over each other" in page
