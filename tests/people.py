"""People with the roles of the site."""

from typing import Any

import pytest

from board.models import User
from board.roles import SiteRole, appoint


def person(name: str, role: SiteRole | None = None, *, is_staff: bool = False, **more: Any) -> User:
    """Make a person; one of the staff, where nothing else is said, is an operator, who may do everything."""
    user = User.objects.create_user(name, **more)
    role = role or (SiteRole.OPERATOR if is_staff else None)
    return user if role is None else appoint(user, role)


@pytest.fixture
def alice(db: None) -> User:
    return person("alice")


@pytest.fixture
def bob(db: None) -> User:
    return person("bob")


@pytest.fixture
def mod(db: None) -> User:
    return person("mod", is_staff=True)
