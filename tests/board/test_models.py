"""People, tags and keys."""

import pytest
from django.db import IntegrityError

from board.models import ApiToken, Post, Tag, User
from dedupe.models import Picture


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("lake dusk", ["lake", "dusk"]),
        ("Lake at dusk, Alps", ["lake_at_dusk", "alps"]),
        ("a,a , A\nb", ["a", "b"]),
        ("  ,, ", []),
        ('"><svg onload=1>', ["svg", "onload_1"]),
        ("été, 日本", ["été", "日本"]),
        ("x" * 80, ["x" * 60]),
    ],
)
def test_tags_are_read_from_what_people_type(typed: str, names: list[str]) -> None:
    assert Tag.names_in(typed) == names


@pytest.mark.django_db
def test_tags_are_made_once() -> None:
    Tag.of_names(["lake"])
    assert [str(tag) for tag in Tag.of_names(["lake", "dusk"])] == ["dusk", "lake"]
    assert Tag.objects.count() == 2


@pytest.mark.django_db
def test_names_differ_by_more_than_case() -> None:
    User.objects.create_user("alice")
    with pytest.raises(IntegrityError):
        User.objects.create_user("Alice")


@pytest.mark.django_db
def test_a_key_is_shown_once_and_kept_as_a_digest() -> None:
    token, key = ApiToken.issue(User.objects.create_user("alice"), "laptop")
    assert key.startswith("doppel_")
    assert token.digest == ApiToken.digest_of(key)
    assert key not in str(vars(token))
    assert str(token) == f"laptop (…{key[-4:]})"


@pytest.mark.django_db
def test_a_post_is_called_by_its_title_or_its_picture() -> None:
    picture = Picture.objects.create(checksum="0" * 64, size_bytes=1)
    post = Post.objects.create(picture=picture, title="Lake")
    assert str(post) == "Lake"
    post.title = ""
    assert str(post) == picture.public_id
