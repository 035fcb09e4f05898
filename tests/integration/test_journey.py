"""The main job on a running site: real web, worker, database, broker, and both kinds of storage."""

import hashlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.program import Program
from tests.pictures import encoded, flat, landscape
from tests.servers.live import LiveSite
from tests.servers.s3 import Bucket


def jpeg(seed: int, quality: int = 90) -> bytes:
    return encoded(landscape(seed, 480, 320), "JPEG", quality=quality)


def test_a_twin_is_asked_about_redirected_and_brought_back_byte_for_byte(
    alice: Program, mod: Program, site: LiveSite
) -> None:
    first = alice.submit(jpeg(101), "lake.jpg")
    assert first["state"] == "live"
    twin_bytes = jpeg(101, 55)
    twin = alice.submit(twin_bytes, "lake-final.jpg")
    assert twin["state"] == "held"
    (question,) = twin["matches"]
    assert question["picture"]["id"] == first["id"]

    said = alice.post(f"uploads/{twin['id']}/decision", {"verdict": "same", "match": question["id"]})
    assert said.status == 200, said.body
    page = alice.call("GET", f"/pictures/{twin['id']}")
    assert (page.status, page.headers["Location"]) == (301, f"/pictures/{first['id']}")
    assert page.headers["Cache-Control"] == "no-cache"

    undone = mod.call("DELETE", f"/api/v1/decisions/{said.json['decision']}")
    assert undone.status == 200, undone.body
    assert alice.get(f"uploads/{twin['id']}").json["state"] == "held"
    stored = alice.get(f"uploads/{twin['id']}").json["sha256"]
    assert stored == hashlib.sha256(twin_bytes).hexdigest()
    assert "All invariants hold" in site.manage("check_invariants", "--read-bytes")


def test_known_bytes_are_recognised_before_they_are_sent(alice: Program) -> None:
    data = jpeg(102)
    asked = {"sha256": hashlib.sha256(data).hexdigest()}
    assert alice.post("precheck", asked).json["known"] is False
    picture = alice.submit(data)
    known = alice.post("precheck", asked).json
    assert (known["known"], known["picture"]["id"]) == (True, picture["id"])


def test_mixed_files_at_once_all_reach_a_right_state(alice: Program) -> None:
    good = {f"good{seed}.png": encoded(landscape(seed, 300, 200)) for seed in range(110, 116)}
    kinds = {
        f"kind.{kind}": encoded(landscape(116, 300, 200), kind.upper()) for kind in ("webp", "gif", "avif")
    }
    bad = {
        "cut.png": good["good110.png"][:900],
        "page.html": b"<html>",
        "empty.jpg": b"",
        "note.svg": b"<svg/>",
    }
    plain = {"white.png": encoded(flat())}
    with ThreadPoolExecutor(8) as pool:
        files = good | kinds | bad | plain
        found = dict(
            zip(files, pool.map(lambda item: alice.submit(item[1], item[0]), files.items()), strict=True)
        )
    assert {found[name]["state"] for name in good | plain} == {"live"}
    assert Counter(found[name]["state"] for name in kinds) == {"live": 1, "held": 2}
    assert {found[name]["state"] for name in bad} == {"rejected"}
    assert all(found[name]["reason"] for name in bad)


@pytest.mark.hostile("I2")
def test_nothing_of_a_rejected_upload_is_left_after_the_sweep(s3_site: LiveSite, bucket: Bucket) -> None:
    alice = Program.of(s3_site, "alice")
    rejected = alice.submit(jpeg(104)[:1500])
    assert rejected["state"] == "rejected"
    with s3_site.connect() as connection:
        row = connection.execute(
            "SELECT storage_key FROM dedupe_picture WHERE public_id = %s", [rejected["id"]]
        ).fetchone()
    assert row is not None
    (name,) = row
    assert f"originals/{name}" in bucket.objects()
    s3_site.manage("sweep")
    assert f"originals/{name}" not in bucket.objects()


def test_originals_are_private(alice: Program) -> None:
    upload = alice.submit(jpeg(105))
    stranger = Program(alice.base_url, "nobody's key")
    assert stranger.call("GET", f"/pictures/{upload['id']}/original").status in {302, 403, 404}


@pytest.mark.hostile("input 10")
def test_renditions_are_public_inert_and_kept_for_ever(alice: Program) -> None:
    upload = alice.submit(jpeg(106))
    stranger = Program(alice.base_url, "nobody's key")
    thumbnail = alice.get(f"pictures/{upload['id']}").json["thumbnail"]
    answer = stranger.call("GET", thumbnail.removeprefix(alice.base_url))
    assert (answer.status, answer.headers["X-Content-Type-Options"]) == (200, "nosniff")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.body[:2] == b"\xff\xd8"
