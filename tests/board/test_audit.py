"""Whatever staff change leaves a row that operators can look up: generated from the table of permissions."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import reverse

from board.audit import KINDS, acts_of_staff
from board.models import Comment, Edit, Post, Tag, User
from tests.board.permission_rows import rows
from tests.board.test_permission_table import ROLES, cookies, own_media, people, quick, upload, world
from tests.uploads import Upload

__all__ = ["cookies", "own_media", "people", "quick", "upload", "world"]

CLEARED = "o>"
STAFF = ("reviewer", "moderator", "operator")
NAMES = {"reviewer": "rita", "moderator": "mona", "operator": "olaf"}

# A claim lapses after minutes and a skip gives it up, and one's own favourites and order of questions are one's own:
# none changes anything for anybody else. The undo of "the last decision" finds none in this world, and a list of no
# cases closes none.
LASTING_NOTHING = {
    "/uploads/{held}/later",
    "/api/v1/pictures/{held}/favourite",
    "/review/{case}/claim",
    "/review/{case}/skip",
    "/review/identical",
    "/review/undo",
    "/api/v1/review/{case}/claim",
}


def staff_acts() -> list[tuple[str, str, str, dict[str, str]]]:
    """Method, address, least role and body of what staff may do to what is not theirs, and other people may not."""
    found = []
    for row in rows():
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            letters = dict(zip(ROLES, row.expected(method), strict=True))
            if letters["other person"] in CLEARED or row.address in LASTING_NOTHING or "admin" in row.address:
                continue
            able = [role for role in STAFF if letters[role] in CLEARED]
            found += [(method, row.address, role, row.body) for role in able[:1]]
    return found


def test_the_table_names_acts_of_staff() -> None:
    addresses = {address for _, address, _, _ in staff_acts()}
    assert {"/pictures/{live}/withdraw", "/galleries/{gallery}/delete", "/pictures/{live}/edit"} <= addresses
    assert len(addresses) > 10


@pytest.mark.timeout(300)
def test_every_act_of_staff_leaves_a_row(world: dict[str, Any], cookies: dict[str, str]) -> None:
    silent = []
    for method, pattern, role, body in staff_acts():
        client = Client()
        client.cookies = SimpleCookie(cookies[role])
        address = pattern.format(**world)
        is_api = address.startswith("/api/")
        body = body or ({"title": "By staff"} if method == "PATCH" else {})
        data = {name: _value(value.format(**world), is_api) for name, value in body.items()}
        form = (
            {"data": data}
            if method == "POST" and not is_api
            else {"data": data, "content_type": "application/json"}
        )
        with transaction.atomic():
            before = acts_of_staff(person=NAMES[role], most=1000)
            response = getattr(client, method.lower())(address, **form)
            after = acts_of_staff(person=NAMES[role], most=1000)
            transaction.set_rollback(True)
        assert response.status_code < 400, (method, address, role, response.content[:300])
        if len(after) <= len(before):
            silent.append(f"{method} {pattern} by {role}")
    assert silent == [], "\n".join(silent)


def _value(text: str, is_api: bool) -> Any:
    return {"true": True, "false": False}.get(text, text) if is_api else text


@pytest.mark.timeout(120)
def test_what_operators_change_in_the_admin_leaves_a_row(
    world: dict[str, Any], people: dict[str, Any]
) -> None:
    """Every model that the admin lets an operator add, change or delete is asked; the rest is to look at."""
    olaf = people["operator"]
    client = Client()
    client.force_login(olaf)
    request: Any = type("Request", (), {"user": olaf})()
    open_to_change = {
        model._meta.model_name
        for model, desk in admin.site._registry.items()
        if desk.has_add_permission(request)
        or desk.has_change_permission(request)
        or desk.has_delete_permission(request)
    }
    assert open_to_change == {"user", "tag", "post", "apitoken"}
    bob = people["other person"]
    tag = Tag.objects.create(name="hils")
    post = Post.objects.get(picture__public_id=world["live"])
    acts = [
        ("admin:board_tag_change", tag.pk, {"name": "hills"}),
        ("admin:board_tag_delete", tag.pk, {"post": "yes"}),
        ("admin:board_apitoken_delete", world["token"], {"post": "yes"}),
        ("admin:board_post_change", post.pk, {"title": "By staff", "attributes": "{}"}),
        (
            "admin:auth_user_password_change",
            bob.pk,
            {"password1": "hill-dawn-77", "password2": "hill-dawn-77"},
        ),
    ]
    for number, (name, pk, body) in enumerate(acts, start=1):
        response = client.post(reverse(name, args=[pk]), body)
        assert response.status_code == 302, (name, response.content[-3000:])
        assert len(acts_of_staff(kind="admin", person="olaf", most=100)) == number, name
    assert Edit.objects.get(editor=olaf).after["title"] == "By staff"


def test_giving_a_role_leaves_a_row(people: dict[str, Any]) -> None:
    bob, client = people["other person"], Client()
    client.force_login(people["operator"])
    page = client.get(reverse("admin:board_user_change", args=[bob.pk]))
    form = page.context["adminform"].form
    body = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    groups = [group.pk for group in form.fields["groups"].queryset if group.name == "reviewer"]
    sent = {
        name: value for name, value in body.items() if value not in (None, False, "") and name != "password"
    }
    sent |= {"groups": groups, "date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    sent.pop("date_joined", None)
    response = client.post(reverse("admin:board_user_change", args=[bob.pk]), sent)
    assert response.status_code == 302, response.content[-3000:]
    (act,) = acts_of_staff(kind="admin", most=5)
    assert "Groups" in act.what
    assert "bob" in act.about


def test_people_are_not_deleted_with_what_they_did(people: dict[str, Any]) -> None:
    root = User.objects.create_superuser("root")
    client = Client()
    client.force_login(root)
    assert client.post(reverse("admin:board_user_delete", args=[people["moderator"].pk])).status_code == 403


def test_own_acts_are_no_acts_of_staff(people: dict[str, Any], upload: Upload) -> None:
    from board import galleries
    from board.comments import remove_comment
    from board.editing import Change, edit_post
    from dedupe import workflow
    from tests.uploads import jpeg, scene

    mona = people["moderator"]
    own = upload(mona, jpeg(scene()))
    edit_post(mona, own, Change(title="Mine"))
    remove_comment(mona, Comment.objects.create(picture=own, author=mona, text="Hm"))
    galleries.delete_gallery(mona, galleries.make_gallery(mona, "Hills"))
    workflow.withdraw(mona, own)
    assert acts_of_staff(most=10) == []


def test_acts_are_found_by_kind_and_person_and_time(world: dict[str, Any], people: dict[str, Any]) -> None:
    """The removal of the world is the moderator's."""
    (act,) = acts_of_staff(kind="decision", most=10)
    assert act.actor == "mona"
    assert acts_of_staff(person="MONA", most=10) == [act]
    assert acts_of_staff(person="rita", most=10) == []
    assert acts_of_staff(before=act.at, most=10) == []
    for kind in set(KINDS) - {"decision"}:
        assert acts_of_staff(kind=kind, most=10) == []
