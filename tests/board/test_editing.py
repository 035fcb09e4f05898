"""Who may change what a post says, over which words, and what is written down."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection

from board.editing import Change, EditedMeanwhile, Words, edit_post
from board.models import Edit, Notice, Post, User
from board.notice_words import lines_of, with_words
from dedupe import workflow
from dedupe.errors import Conflict, NotAllowed
from dedupe.models import Decision, DecisionKind, Picture
from tests.pairs import asked, published
from tests.people import person


@pytest.fixture
def picture(alice: User) -> Picture:
    return published(alice, "The lake", ("lake", "dusk"))


def words_of(picture: Picture) -> Words:
    return Words.of(Post.objects.get(picture=picture))


def test_what_changed_is_written_down_and_no_more(alice: User, picture: Picture) -> None:
    edit_post(alice, picture, Change(title="The sea", tags=("sea", "dusk", "sea")))
    assert words_of(picture) == Words("The sea", "", ("dusk", "sea"))
    kept = Edit.objects.get()
    assert (kept.editor, kept.before, kept.after) == (
        alice,
        {"title": "The lake", "tags": ["dusk", "lake"]},
        {"title": "The sea", "tags": ["dusk", "sea"]},
    )


def test_what_says_the_same_is_no_edit(alice: User, picture: Picture) -> None:
    assert edit_post(alice, picture, Change("The lake", "", ("lake", "dusk"))) is None
    assert edit_post(alice, picture, Change()) is None
    assert not Edit.objects.exists()
    with pytest.raises(IntegrityError):
        Edit.objects.create(post=picture.post, editor=alice, before={"title": "x"}, after={"title": "x"})


def test_unseen_words_are_not_overwritten(alice: User, picture: Picture) -> None:
    seen = words_of(picture).version
    mod = person("mod", is_staff=True)
    edit_post(mod, picture, Change(tags=("lake", "evening")), seen)
    with pytest.raises(EditedMeanwhile):
        edit_post(alice, picture, Change(title="Mine"), seen)
    assert words_of(picture) == Words("The lake", "", ("evening", "lake"))
    edit_post(alice, picture, Change(title="Mine"), words_of(picture).version)
    assert words_of(picture).title == "Mine"


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_at_once_one_is_told() -> None:
    alice = User.objects.create_user("alice")
    picture = published(alice)
    seen = words_of(picture).version
    outcomes: list[str] = []

    def edit(title: str) -> None:
        try:
            edit_post(alice, picture, Change(title=title), seen)
            outcomes.append("kept")
        except EditedMeanwhile:
            outcomes.append("told")
        finally:
            connection.close()

    editors = [threading.Thread(target=edit, args=(title,)) for title in ("one", "two", "three")]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    assert sorted(outcomes) == ["kept", "told", "told"]
    assert Edit.objects.count() == 1


def test_what_staff_change_is_told_with_its_reason_and_can_be_undone(alice: User, picture: Picture) -> None:
    mod = person("mod", is_staff=True)
    edit_post(mod, picture, Change(title="A pond", tags=("dusk", "pond")), reason="It is no lake")
    (line,) = lines_of(alice, with_words(Notice.objects.filter(person=alice)))
    assert (line.told.heading, line.reason, line.way) == (
        "What is said of your picture was changed",
        "It is no lake",
        "ask",
    )
    assert "The title was “The lake” and is “A pond” now." in line.told.sentence
    assert "New tags: pond. Tags taken away: lake." in line.told.sentence
    workflow.undo_decision(mod, Decision.objects.get(kind=DecisionKind.EDIT))
    assert words_of(picture) == Words("The lake", "", ("dusk", "lake"))


def test_nobody_is_told_of_their_own_edit(alice: User, picture: Picture) -> None:
    edit_post(alice, picture, Change(title="A pond"))
    assert not Notice.objects.exists()
    assert not Decision.objects.exists()


def test_strangers_may_not(picture: Picture) -> None:
    with pytest.raises(NotAllowed):
        edit_post(User.objects.create_user("bob"), picture, Change(title="Mine now"))
    assert words_of(picture).title == "The lake"


def test_a_held_upload_can_be_edited_and_a_withdrawn_one_cannot(alice: User, picture: Picture) -> None:
    assert edit_post(alice, asked(alice), Change(title="Better words")) is not None
    workflow.withdraw(alice, picture)
    with pytest.raises(Conflict, match="cannot be edited any more"):
        edit_post(alice, picture, Change(title="Too late"))
