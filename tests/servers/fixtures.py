"""The fixtures that give tests their servers; each starts what it needs and nothing else."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright

from script.supervisor.guardian import Guardian
from script.supervisor.postgres import Postgres
from tests.servers.addresses import TEMPLATE, Addresses, addresses, process_name
from tests.servers.desk import ask_for
from tests.servers.live import LiveSite, running_site
from tests.servers.s3 import Bucket, fresh_bucket

SiteFactory = Callable[..., LiveSite]

_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)


@pytest.fixture(scope="session")
def servers() -> Addresses:
    """Ports and passwords of this run's servers, whether they run yet or not."""
    return addresses()


@pytest.fixture(scope="session")
def guardian() -> Iterator[Guardian]:
    """Ends the processes that this pytest process has started, should it be killed."""
    keeper = Guardian()
    yield keeper
    keeper.close()


@pytest.fixture(scope="session")
def postgres(servers: Addresses) -> Postgres:
    """The database server, running."""
    ask_for("postgres", servers)
    return Postgres(Path(), Path(), servers.postgres, servers.password)


@pytest.fixture(scope="session")
def valkey(servers: Addresses) -> str:
    """The URL of this process's broker and cache, running."""
    ask_for("valkey", servers)
    return servers.valkey_url()


@pytest.fixture(scope="session")
def template(postgres: Postgres, servers: Addresses) -> str:
    """The name of a database that every migration has gone through, to be copied."""
    ask_for("template", servers)
    return TEMPLATE


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    template: str, valkey: str, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Start the servers before pytest-django makes its test database."""


@pytest.fixture
def s3(servers: Addresses) -> Iterator[Bucket]:
    """A fresh, empty bucket on a real S3 server (its first use in a run takes some ten seconds)."""
    ask_for("s3", servers)
    with fresh_bucket(servers) as bucket:
        yield bucket


@pytest.fixture(scope="session")
def start_site(
    postgres: Postgres, template: str, valkey: str, servers: Addresses, guardian: Guardian
) -> Iterator[SiteFactory]:
    """Call it for a site of your own: start_site("faults", {"DOPPEL_…": "…"}, processes=("web",)).

    The name makes its database and folder; the session's end stops it, if you have not.
    """
    # A broker number each: a worker that took another site's message would find nothing, and it would be lost.
    numbers = count(1)
    with ExitStack() as stack:

        def start(name: str, settings: Mapping[str, str] | None = None, **options: Any) -> LiveSite:
            database = f"{name}_{process_name()}"
            folder = Path(servers.folder) / database
            folder.mkdir()
            postgres.create_database(database, template)
            site = running_site(
                folder=folder,
                database=postgres.url(database),
                broker=servers.valkey_url(next(numbers)),
                guardian=guardian,
                settings=settings,
                **options,
            )
            return stack.enter_context(site)

        yield start


@pytest.fixture(scope="session")
def live_site(start_site: SiteFactory) -> LiveSite:
    """Web and worker on a database of their own, storing in a folder; shared by the session's tests."""
    return start_site("live")


@pytest.fixture
def worker(transactional_db: None, start_worker: Callable[[], LiveSite]) -> LiveSite:
    """A Celery worker process on this test's own database (rows must be committed: a transactional test)."""
    return start_worker()


@pytest.fixture
def start_worker(guardian: Guardian, tmp_path: Path, servers: Addresses) -> Iterator[Callable[[], LiveSite]]:
    """Call it when the test wants its worker; it reads and writes what the test does."""
    from board.celery import app
    from script.supervisor.site import Site

    with ExitStack() as stack:

        def start() -> LiveSite:
            # Thousands of messages of earlier tests, to whose pictures nothing leads any more, would be taken first.
            app.control.purge()
            site = Site({"DJANGO_SETTINGS_MODULE": "tests.settings", **present_database()}, tmp_path)
            live = LiveSite(site, guardian)
            live.start("worker", concurrency=2)
            stack.callback(live.stop, "worker", patience=3)
            return live

        yield start


def present_database() -> dict[str, str]:
    """Environment that leads another process to the database and the media of the present test."""
    from django.db import connection

    return {
        "DOPPEL_TEST_DATABASE_URL": addresses().postgres_url(str(connection.settings_dict["NAME"])),
        "DOPPEL_TEST_MEDIA_ROOT": str(settings.MEDIA_ROOT),
    }


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.fail("Chromium is missing (Debian: apt install chromium).")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=list(_QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, live_site: LiveSite) -> Iterator[Page]:
    """A page in a fresh profile, at home on the live site; an error of its scripts fails the test."""
    context = browser.new_context(base_url=live_site.base_url)
    context.set_default_timeout(15_000)
    errors: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, f"The page's scripts failed: {errors}"
