"""What a worker keeps between two tasks."""

from __future__ import annotations

from tests.integration.program import Program
from tests.pictures import encoded, landscape
from tests.servers.live import LiveSite

_SESSIONS = "SELECT sessions FROM pg_stat_database WHERE datname = current_database()"
UPLOADS = 8


def sessions(site: LiveSite) -> int:
    """How many connections the database of the site has taken since it was made."""
    with site.connect() as connection:
        row = connection.execute(_SESSIONS).fetchone()
    assert row is not None
    return int(row[0])


def test_tasks_take_turns_on_one_connection(live_site: LiveSite) -> None:
    alice = Program.of(live_site, "alice")
    alice.submit(encoded(landscape(600, 320, 240), "JPEG"))
    before = sessions(live_site)
    for number in range(UPLOADS):
        alice.submit(encoded(landscape(601 + number, 320, 240), "JPEG"))
    assert sessions(live_site) - before < UPLOADS, "of which each is at least two tasks"
