"""The strict policies hold in a real browser: nothing that a page needs is blocked, the admin's pages included."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.servers.live import LiveSite

Open = Callable[..., Visitor]


def test_the_admin_works_under_its_policy(visitor: Open, live_site: LiveSite) -> None:
    """A script or style that the policy blocks is an error in the console, which fails the test."""
    root = visitor("root", staff=True)
    with live_site.connect() as connection:
        connection.execute(
            "UPDATE board_user SET is_staff = true, is_superuser = true WHERE username = %s", [root.name]
        )
    for address in ("/admin/", "/admin/dedupe/picture/", "/admin/board/tag/add/", "/api/v1/docs"):
        root.go(address).wait_for_load_state("load")
    page = root.go("/admin/board/user/")
    page.get_by_role("link", name=root.name, exact=True).first.click()
    # The admin's own script makes the two boxes of groups out of one list.
    expect(page.locator(".selector-chosen select option", has_text="moderator")).to_have_count(1)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    root.go("/audit/")
    expect(root.page.locator(".entry").first).to_contain_text(root.name)


@pytest.mark.parametrize("options", [{}, {"viewport": {"width": 360, "height": 740}}])
def test_signing_out_everywhere(visitor: Open, options: dict[str, object]) -> None:
    alice = visitor("alice", **options)
    page = alice.go("/settings")
    assert not alice.scrolls_sideways()
    page.get_by_label("What is it for?").fill("My program")
    page.get_by_role("button", name="Make a key").click()
    page.locator("section", has_text="Where you are signed in").get_by_role("checkbox").check()
    page.get_by_role("button", name="Sign out everywhere").click()
    expect(page.get_by_text("do not work any more.")).to_be_visible()
    page.goto("/settings")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
