"""Giving pictures by choosing, dropping and pasting."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor, publish

Open = Callable[..., Visitor]
File = Callable[..., Path]

_HAND_OVER = """([data, kind]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], "given.jpg", {type: "image/jpeg"}));
  const event = kind === "paste"
    ? new ClipboardEvent("paste", {clipboardData: files, bubbles: true, cancelable: true})
    : new DragEvent("drop", {dataTransfer: files, bubbles: true, cancelable: true});
  document.body.dispatchEvent(event);
}"""


def hand_over(page: Page, path: Path, kind: str) -> None:
    page.evaluate(_HAND_OVER, [base64.b64encode(path.read_bytes()).decode(), kind])


def test_choosing_many_files(visitor: Open, file: File, seed: int) -> None:
    alice = visitor("alice")
    publish(alice, *(file(seed * 10 + each, name=f"{each}.jpg") for each in range(5)))
    expect(alice.page.locator(".file .state")).to_have_text(["Published"] * 5)
    expect(alice.page.locator(".file img.thumb")).to_have_count(5)


def test_dropping_and_pasting(visitor: Open, file: File, seed: int) -> None:
    alice = visitor("alice")
    alice.go("/upload")
    for number, kind in enumerate(("drop", "paste"), 1):
        hand_over(alice.page, file(seed * 10 + number), kind)
        expect(alice.page.locator("#files-count")).to_have_text(f"{number} of {number} done")
    expect(alice.page.locator(".file .state")).to_have_text(["Published", "Published"])


def test_known_bytes_do_not_travel(
    visitor: Open, published: Callable[..., list[str]], file: File, seed: int
) -> None:
    path = file(seed)
    published(path)
    alice = visitor("alice")
    sent: list[str] = []
    alice.page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    publish(alice, path)
    expect(alice.page.locator(".file .state")).to_have_text("We already have this")
    assert not [each for each in sent if each.startswith("POST") and each.endswith("/uploads")]
    alice.page.get_by_role("link", name="See it").click()
    alice.page.wait_for_url("**/pictures/*")


def test_what_is_no_picture_is_explained(visitor: Open, tmp_path: Path) -> None:
    path = tmp_path / "words.jpg"
    path.write_text("These are words.")
    alice = visitor("alice")
    publish(alice, path)
    expect(alice.page.locator(".file .state")).to_contain_text("not a JPEG, PNG, GIF, WebP or AVIF picture")


def test_a_lost_connection_can_be_tried_again(visitor: Open, file: File, seed: int) -> None:
    alice = visitor("alice")
    alice.go("/upload")
    alice.page.route("**/api/v1/uploads", lambda route: route.abort(), times=1)
    alice.page.set_input_files("#file", str(file(seed)))
    expect(alice.page.locator(".file .state")).to_contain_text("could not be reached")
    alice.complaints.clear()
    alice.page.get_by_role("button", name="Try again").click()
    expect(alice.page.locator(".file .state")).to_have_text("Published")


def test_too_many_at_once_go_on_by_themselves(visitor: Open, file: File, seed: int) -> None:
    alice = visitor("alice")
    alice.go("/upload")
    refusals = [
        {"status": 429, "headers": {"Retry-After": "2"}, "json": {"detail": "Too many pictures."}}
    ] * 3
    alice.page.route("**/api/v1/uploads", lambda route: route.fulfill(**refusals.pop()), times=3)
    alice.page.set_input_files(
        "#file", [str(file(seed * 10 + each, name=f"{each}.jpg")) for each in range(4)]
    )
    states = alice.page.locator(".file .state")
    told = "This goes on by itself in 2 s. Nothing is lost."
    expect(states).to_have_text([told, told, told, "Waiting for its turn"])
    alice.complaints.clear()
    expect(states).to_have_text(["Published"] * 4)


def test_without_scripts_a_form_does_it(visitor: Open, file: File, seed: int) -> None:
    alice = visitor("alice", java_script_enabled=False)
    alice.go("/upload")
    alice.page.set_input_files("#file", [str(file(seed * 10)), str(file(seed * 10 + 1))])
    alice.page.get_by_role("button", name="Upload", exact=True).click()
    expect(alice.page.get_by_text("2 files have arrived")).to_be_visible()


def test_the_page_of_an_upload_follows_by_itself(visitor: Open, file: File, seed: int) -> None:
    alice = visitor("alice")
    alice.go("/upload")
    # The plain form leads to the page of the upload while it is still being checked.
    form: dict[str, Any] = {
        "csrfmiddlewaretoken": alice.page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    }
    path = file(seed)
    form["file"] = {"name": path.name, "mimeType": "image/jpeg", "buffer": path.read_bytes()}
    response = alice.page.request.post("/upload", multipart=form, headers={"Referer": alice.page.url})
    alice.go(response.url)
    expect(alice.page.get_by_role("heading", name="Published")).to_be_visible()
