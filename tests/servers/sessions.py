"""People who are signed in on a running site, without the way through its forms: that has tests of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.backends.db import SessionStore
from django.utils.crypto import get_random_string

from board.models import ApiToken, User
from tests.servers.live import LiveSite

_PERSON = """
    INSERT INTO board_user
        (username, password, first_name, last_name, email, is_staff, is_superuser, is_active, date_joined)
    VALUES (%s, '!', '', '', '', false, false, true, now()) RETURNING id
"""
_APPOINT = """
    INSERT INTO board_user_groups (user_id, group_id) SELECT %s, id FROM auth_group WHERE name = ANY(%s)
"""
_SESSION = """
    INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, %s, now() + interval '1 day')
"""


_TOKEN = """
    INSERT INTO board_apitoken (owner_id, name, digest, hint, created_at) VALUES (%s, 'tests', %s, '', now())
"""


@dataclass(frozen=True)
class SignedIn:
    """A person's keys: of a session for their browser, of the API for their programs."""

    session: str
    token: str


def sign_in(site: LiveSite, name: str, groups: Iterable[str] = ()) -> SignedIn:
    """Make a person of this name, in these groups. The site's secret is that of the tests."""
    with site.connect() as connection:
        (number,) = connection.execute(_PERSON, [name]).fetchone() or (0,)
        connection.execute(_APPOINT, [number, list(groups)])
        data = {
            SESSION_KEY: str(number),
            BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
            HASH_SESSION_KEY: User(id=number, password="!").get_session_auth_hash(),
        }
        keys = SignedIn(get_random_string(32, VALID_KEY_CHARS), get_random_string(43))
        connection.execute(_SESSION, [keys.session, SessionStore().encode(data)])
        connection.execute(_TOKEN, [number, ApiToken.digest_of(keys.token)])
    return keys
