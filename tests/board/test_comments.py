"""What can be said below a picture, by whom, and how often."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from board import comments
from board.comments import TooFast, Unfit, remove_comment, tidied, write_comment
from board.models import Comment, User
from dedupe import workflow
from dedupe.errors import Conflict, NotAllowed
from dedupe.models import Picture, State
from tests.pairs import published
from tests.people import person


@pytest.fixture
def picture(alice: User) -> Picture:
    return published(alice)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Lovely. ", "Lovely."),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("one\n \n\n\ntwo", "one\n\ntwo"),
        ("nul\x00 and bell\x07", "nul and bell"),
        ("<b>&amp;", "<b>&amp;"),
        ("x" * 2000, "x" * 2000),
    ],
)
def test_the_text_is_kept_with_its_line_breaks(typed: str, kept: str) -> None:
    assert tidied(typed) == kept


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "nothing in this"), (" \r\n\x00 ", "nothing in this"), ("x" * 2001, "at most 2,000 characters")],
)
def test_what_cannot_be_a_comment_is_said(typed: str, words: str) -> None:
    with pytest.raises(Unfit, match=words):
        tidied(typed)


def test_only_published_pictures_are_commented_on(alice: User, picture: Picture) -> None:
    workflow.withdraw(alice, picture)
    with pytest.raises(Conflict, match="not published"):
        write_comment(alice, picture, "Too late")
    assert not Comment.objects.exists()


def test_a_flood_is_stopped_and_other_people_are_not(alice: User, picture: Picture) -> None:
    for number in range(comments.AT_ONCE):
        write_comment(alice, picture, f"{number}")
    with pytest.raises(TooFast, match="wait a little"):
        write_comment(alice, picture, "one more")
    write_comment(User.objects.create_user("bob"), picture, "Hello")
    Comment.objects.filter(author=alice).update(created_at=picture.created_at - comments.SPAN)
    write_comment(alice, picture, "later")


@pytest.mark.django_db(transaction=True)
def test_a_flood_at_once_is_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comments, "AT_ONCE", 3)
    alice = User.objects.create_user("alice")
    picture = published(alice)
    outcomes: list[str] = []

    def write(number: int) -> None:
        try:
            write_comment(alice, picture, f"{number}")
            outcomes.append("kept")
        except TooFast:
            outcomes.append("stopped")
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(outcomes) == ["kept"] * 3 + ["stopped"] * 3
    assert Comment.objects.count() == 3


def test_removal_keeps_the_row_and_who_did_it(alice: User, picture: Picture) -> None:
    mod, bob = person("mod", is_staff=True), User.objects.create_user("bob")
    said = write_comment(alice, picture, "Lovely")
    with pytest.raises(NotAllowed):
        remove_comment(bob, said)
    remove_comment(mod, said)
    kept = Comment.objects.get()
    assert (kept.removed_by, kept.text) == (mod, "Lovely")
    assert kept.removed_at is not None
    with pytest.raises(Conflict, match="removed already"):
        remove_comment(alice, said)
    assert picture.state == State.LIVE
