"""Files that go straight to storage: again after a broken connection, and through the site where that fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visitor, browsers, publish
from tests.servers.addresses import Addresses
from tests.servers.desk import ask_for
from tests.servers.fixtures import SiteFactory
from tests.servers.live import LiveSite
from tests.servers.s3 import Bucket, fresh_bucket

ARRIVED = re.compile("Sent|Published")
Open = Callable[..., Visitor]
File = Callable[..., Path]


@pytest.fixture(scope="module")
def bucket(servers: Addresses) -> Iterator[Bucket]:
    ask_for("s3", servers)
    with fresh_bucket(servers) as made:
        yield made


@pytest.fixture(scope="module")
def direct_site(start_site: SiteFactory, bucket: Bucket) -> LiveSite:
    """A site whose bucket browsers reach, and whose rules are set."""
    given = bucket.environment() | {"DOPPEL_S3_PUBLIC_ENDPOINT_URL": bucket.endpoint}
    site = start_site("direct", given)
    site.manage("prepare_storage")
    return site


@pytest.fixture
def visitor(browser: Browser, direct_site: LiveSite) -> Iterator[Open]:
    with browsers(browser, direct_site) as open_browser:
        yield open_browser


def posts(someone: Visitor) -> list[str]:
    """The addresses that their browser posts to, from now on."""
    sent: list[str] = []

    def note(request: Any) -> None:
        if request.method == "POST":
            sent.append(request.url)

    someone.page.on("request", note)
    return sent


def state(someone: Visitor) -> Any:
    return someone.page.locator(".file .state")


def test_a_file_goes_to_storage_and_not_through_the_site(
    visitor: Open, file: File, seed: int, bucket: Bucket
) -> None:
    alice = visitor("alice")
    sent = posts(alice)
    publish(alice, file(seed))
    expect(state(alice)).to_have_text("Published")
    assert f"{bucket.endpoint}/{bucket.name}" in {each.rstrip("/") for each in sent}
    assert not [each for each in sent if each.endswith("/api/v1/uploads")]
    assert bucket.objects("originals/incoming/") == []


def test_after_a_broken_connection_it_is_sent_again_and_comes_once(
    visitor: Open, file: File, seed: int, bucket: Bucket
) -> None:
    alice = visitor("alice")
    alice.go("/upload")
    sent = posts(alice)
    alice.page.route(f"{bucket.endpoint}/**", lambda route: route.abort(), times=1)
    alice.page.set_input_files("#file", str(file(seed)))
    expect(state(alice)).to_contain_text("We try again in 1 s")
    expect(state(alice)).to_have_text(ARRIVED)
    alice.complaints.clear()
    assert len([each for each in sent if each.endswith("/uploads/presign")]) == 1


def test_where_storage_cannot_be_reached_it_goes_through_the_site(
    visitor: Open, file: File, seed: int, bucket: Bucket
) -> None:
    alice = visitor("alice")
    alice.go("/upload")
    sent = posts(alice)
    alice.page.route(f"{bucket.endpoint}/**", lambda route: route.abort())
    alice.page.set_input_files("#file", str(file(seed)))
    expect(state(alice)).to_have_text(ARRIVED)
    alice.complaints.clear()
    assert sent[-1].endswith("/api/v1/uploads")


def test_sending_can_be_stopped_and_taken_up_again(
    visitor: Open, file: File, seed: int, bucket: Bucket
) -> None:
    alice = visitor("alice")
    alice.go("/upload")
    waiting: list[Any] = []
    alice.page.route(f"{bucket.endpoint}/**", lambda route: waiting.append(route))
    alice.page.set_input_files("#file", str(file(seed)))
    alice.page.get_by_role("button", name="Cancel").click()
    expect(state(alice)).to_have_text("You have stopped this.")
    alice.page.unroute(f"{bucket.endpoint}/**")
    alice.page.get_by_role("button", name="Try again").click()
    expect(state(alice)).to_have_text(ARRIVED)


def test_an_address_gets_a_line_like_a_file(visitor: Open) -> None:
    alice = visitor("alice")
    alice.go("/upload")
    alice.page.get_by_label("Address").fill("http://localhost/lake.jpg")
    alice.page.get_by_role("button", name="Fetch it").click()
    expect(alice.page.locator(".file .name")).to_have_text("http://localhost/lake.jpg")
    expect(state(alice)).to_contain_text("There is no site of this name on the public web")
    expect(alice.page.get_by_label("Address")).to_have_value("")
