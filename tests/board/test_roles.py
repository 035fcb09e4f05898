"""Roles: groups made by a migration, which takes nobody's rights away, and people who are put into them."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from board.models import User
from board.roles import POWERS, REMOVE_COMMENTS, SiteRole, appoint, may_remove_comments
from dedupe.evaluation.scratch import scratch_database
from dedupe.models import Power
from tests.people import person


def held_by(group: Group) -> set[str]:
    names = group.permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in names}


@pytest.mark.django_db
def test_the_migration_has_made_each_role_with_its_powers() -> None:
    assert {SiteRole(group.name): held_by(group) for group in Group.objects.all()} == POWERS


def test_each_role_contains_the_one_before_and_operators_have_every_power() -> None:
    assert POWERS[SiteRole.REVIEWER] < POWERS[SiteRole.MODERATOR] < POWERS[SiteRole.OPERATOR]
    assert {*map(str, Power), REMOVE_COMMENTS} <= POWERS[SiteRole.OPERATOR]


@pytest.mark.django_db
def test_a_group_that_was_deleted_is_made_anew_and_a_changed_one_kept() -> None:
    Group.objects.get(name="reviewer").delete()
    Group.objects.get(name="moderator").permissions.clear()
    appoint(User.objects.create_user("rita"), SiteRole.REVIEWER)
    mona = appoint(User.objects.create_user("mona"), SiteRole.MODERATOR)
    assert held_by(Group.objects.get(name="reviewer")) == POWERS[SiteRole.REVIEWER]
    assert not User.objects.get(pk=mona.pk).has_perm(Power.REVIEW.value)


@pytest.mark.django_db
def test_only_operators_get_the_door_of_the_admin() -> None:
    made = [person(role.value, role) for role in SiteRole]
    assert [(each.is_staff, may_remove_comments(each)) for each in made] == [
        (False, False),
        (False, True),
        (True, True),
    ]


def as_of(migration: str) -> Any:
    """People as the models of that time knew them."""
    state = MigrationExecutor(connection).loader.project_state(("board", migration))
    return state.apps.get_model("board", "User").objects


def test_staff_of_the_release_before_keep_what_they_could_do_forth_and_back(
    postgres: Any, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock(), scratch_database():
        call_command("migrate", "board", "0003", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM auth_permission"
            )  # as in a database that is migrated for the first time
        people = as_of("0003_community")
        people.create(username="mod", is_staff=True)
        people.create(username="alice")
        call_command("migrate", "board", verbosity=0)
        mod, alice = User.objects.get(username="mod"), User.objects.get(username="alice")
        assert set(mod.groups.values_list("name", flat=True)) == {"moderator", "operator"}
        assert all(mod.has_perm(power.value) for power in Power)
        assert mod.is_staff
        assert not alice.groups.exists()
        call_command("migrate", "board", "0003", verbosity=0)
        assert not Group.objects.exists()
        assert as_of("0003_community").get(username="mod").is_staff


@pytest.fixture
def desk(db: None) -> Client:
    client = Client()
    client.force_login(person("olaf", SiteRole.OPERATOR))
    return client


def form_of(user: User, **more: Any) -> dict[str, Any]:
    joined = user.date_joined
    return {
        "username": user.username,
        "is_active": "on",
        "date_joined_0": joined.strftime("%d/%m/%Y"),
        "date_joined_1": joined.strftime("%H:%M:%S"),
        **more,
    }


def test_an_operator_gives_roles_and_nothing_above_them(desk: Client) -> None:
    alice = User.objects.create_user("alice")
    above = Group.objects.create(name="above")
    above.permissions.set([_permission("auth", "change_group")])
    address = f"/admin/board/user/{alice.pk}/change/"
    reviewer = Group.objects.get(name="reviewer")
    assert desk.post(address, form_of(alice, groups=[reviewer.pk], is_superuser="on")).status_code == 302
    alice = User.objects.get(pk=alice.pk)
    assert (list(alice.groups.all()), alice.is_superuser) == ([reviewer], False)
    assert desk.post(address, form_of(alice, groups=[above.pk])).status_code == 200, "not one of the choices"
    assert list(alice.groups.all()) == [reviewer]


def test_an_operator_changes_nobody_above_them(desk: Client) -> None:
    boss = User.objects.create_superuser("boss")
    keeper = User.objects.create_user("keeper")
    keeper.user_permissions.add(_permission("auth", "change_group"))
    for user in (boss, keeper):
        address = f"/admin/board/user/{user.pk}/change/"
        assert desk.post(address, form_of(user)).status_code == 403
        assert desk.post(f"/admin/board/user/{user.pk}/password/", {}).status_code == 403


def _permission(app: str, codename: str) -> Any:
    from django.contrib.auth.models import Permission

    return Permission.objects.get(content_type__app_label=app, codename=codename)
