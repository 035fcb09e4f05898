"""The admin shows everything and changes nothing of the workflow's tables."""

import pytest
from django.test import Client

from board.models import ApiToken, User
from dedupe.models import Embedding, Match, PendingSearch, Picture, Verdict, Walk

pytestmark = pytest.mark.django_db
TABLES = ["picture", "match", "decision", "case", "fingerprint"]


@pytest.fixture
def at_desk(mod: User) -> Client:
    client = Client()
    client.force_login(mod)
    return client


@pytest.mark.parametrize("table", TABLES)
def test_staff_see_each_table_and_can_add_nothing(
    at_desk: Client, table: str, say: object, held: Picture
) -> None:
    say(Verdict.DIFFERENT, "because")  # type: ignore[operator]
    assert at_desk.get(f"/admin/dedupe/{table}/").status_code == 200
    assert at_desk.get(f"/admin/dedupe/{table}/add/").status_code == 403


@pytest.mark.parametrize("table", TABLES)
def test_staff_look_at_each_row_and_cannot_change_it(
    at_desk: Client, table: str, say: object, held: Picture
) -> None:
    from django.apps import apps

    say(Verdict.DIFFERENT, "because")  # type: ignore[operator]
    row = apps.get_model("dedupe", table).objects.first()
    address = f"/admin/dedupe/{table}/{row.pk}/change/"
    assert at_desk.get(address).status_code == 200
    assert at_desk.post(address, {}).status_code == 403
    assert at_desk.post(f"/admin/dedupe/{table}/{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_admin_is_closed_to_others(alice: User, match: Match) -> None:
    client = Client()
    client.force_login(alice)
    assert client.get("/admin/dedupe/picture/").status_code == 302


def test_administrators_edit_words_and_revoke_keys_and_make_none(live: Picture) -> None:
    boss = User.objects.create_superuser("boss")
    token, _ = ApiToken.issue(boss, "laptop")
    client = Client()
    client.force_login(boss)
    for address in ("post", "tag", "apitoken", "user"):
        assert client.get(f"/admin/board/{address}/").status_code == 200
    assert client.get(f"/admin/board/post/{live.post.pk}/change/").status_code == 200
    assert client.get("/admin/board/post/add/").status_code == 403
    assert client.get("/admin/board/apitoken/add/").status_code == 403
    assert client.post(f"/admin/board/post/{live.post.pk}/delete/", {"post": "yes"}).status_code == 403
    page = client.get(f"/admin/board/apitoken/{token.pk}/change/")
    assert token.digest not in page.content.decode()


def test_staff_look_at_the_values_of_embedders(at_desk: Client, live: Picture) -> None:
    row = Embedding.objects.create(picture=live, name="colour-layout", version=1, data=b"", searchable=True)
    for address in ("", f"{row.pk}/change/"):
        assert at_desk.get(f"/admin/dedupe/embedding/{address}").status_code == 200
    assert at_desk.get("/admin/dedupe/embedding/add/").status_code == 403


def test_staff_look_at_the_walks_and_at_what_is_to_be_searched_again(at_desk: Client, live: Picture) -> None:
    PendingSearch.objects.create(picture=live, why="the store did not answer")
    assert "the store did not answer" in at_desk.get("/admin/dedupe/pendingsearch/").content.decode()
    walk = Walk.objects.get()
    for address in ("", f"{walk.pk}/change/"):
        assert at_desk.get(f"/admin/dedupe/walk/{address}").status_code == 200
    assert at_desk.post(f"/admin/dedupe/walk/{walk.pk}/delete/", {"post": "yes"}).status_code == 403
