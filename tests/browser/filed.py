"""Cases of the review queue on the running site: how they get there, and how somebody opens them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor, fresh_seed, press
from tests.pictures import encoded
from tests.servers.live import LiveSite, eventually

_SPARE = 2  # should chance make two of them look alike
_PUBLISHED = """
    SELECT picture.id FROM dedupe_picture picture
    JOIN board_user person ON person.id = picture.owner_id
    WHERE person.username = %s AND picture.state = 'live' ORDER BY picture.published_at, picture.id
"""
_UNCHECKED = """
    SELECT count(*) FROM dedupe_picture picture JOIN board_user person ON person.id = picture.owner_id
    WHERE person.username = %s AND picture.state IN ('staged', 'analysing')
"""
_MATCH = """
    INSERT INTO dedupe_match (query_id, candidate_id, relation, probability, distance, evidence, geometry, routes,
        algorithm_version, settings_version, confident, verdict, asked_at)
    VALUES (%s, %s, 're_encoded', 0.97, 4, '{}', '{}', '{phash}', 1, 'browser', true, '', now()) RETURNING id
"""
_CASE = """
    INSERT INTO dedupe_case (kind, state, picture_id, match_id, reason, created_at)
    VALUES ('find', 'open', %s, %s, '', now())
"""


def patches(seed: int) -> Image.Image:
    """A picture like no other: soft patches of random colours, 240 × 160."""
    colours = np.random.default_rng(seed).integers(0, 256, (10, 15, 3), dtype=np.uint8)
    return Image.fromarray(colours).resize((240, 160), Image.Resampling.BICUBIC)


def published(site: LiveSite, owner: str, folder: Path, how_many: int) -> list[int]:
    """Put pictures of this owner through the pipeline; the numbers of those that are published, the oldest first."""
    folder.mkdir()
    for number in range(how_many + _SPARE):
        (folder / f"{number:03}.jpg").write_bytes(encoded(patches(fresh_seed()), "JPEG", quality=90))
    site.manage("import_pictures", str(folder), "--owner", owner)
    with site.connect() as connection:

        def all_are_checked() -> bool:
            return connection.execute(_UNCHECKED, [owner]).fetchone() == (0,)

        eventually(all_are_checked, limit=150, what="the check of all pictures")
        rows = connection.execute(_PUBLISHED, [owner]).fetchall()
    assert len(rows) >= how_many
    return [number for (number,) in rows[:how_many]]


def file_cases(site: LiveSite, pairs: Iterable[tuple[int, int]]) -> None:
    """File each pair, (newer, older), as found in the library; the first waits longest."""
    with site.connect() as connection:
        for newer, older in pairs:
            match = connection.execute(_MATCH, [newer, older]).fetchone()
            assert match is not None
            connection.execute(_CASE, [newer, match[0]])


def fill(site: LiveSite, owner: str, folder: Path, cases: int) -> None:
    """So many cases, each about another picture of this owner and the first."""
    oldest, *others = published(site, owner, folder, cases + 1)
    file_cases(site, [(other, oldest) for other in others])


def begin(someone: Visitor, owner: str) -> Page:
    """Open the owner's cases, and the first of them by its key."""
    page = someone.go(f"/review/?by={owner}&kind=find")
    press(page, "ArrowRight")
    expect(page.get_by_text("You have this case until")).to_be_visible()
    return page
