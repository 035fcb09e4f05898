"""What is done to a breakable site, and what must be true after it: the scenes of the fault tests."""

from __future__ import annotations

import http.client
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count

from tests.integration.breaking import BreakableSite
from tests.integration.program import Program, Reply
from tests.integration.strikes import strike
from tests.pictures import encoded, landscape

_seeds = count(5000)
_SERVICE = {http.client.ACCEPTED, http.client.SERVICE_UNAVAILABLE}


def twins() -> tuple[bytes, bytes]:
    """Two files of one picture that no other test uses."""
    image = landscape(next(_seeds), 480, 320)
    return encoded(image, "JPEG", quality=90), encoded(image, "JPEG", quality=70)


def break_analysis(site: BreakableSite, step: str, fault: str, hold: float) -> None:
    """Two look-alikes arrive at once; whichever comes to the step first is struck there."""
    alice = Program.of(site.live, "alice")
    site.gates.close(step)
    uploads = [acknowledged(alice.upload(data)) for data in twins()]
    strike(site, fault, site.gates.wait_for(step), hold)
    site.settle()
    assert_two_saw_each_other(site, uploads)
    assert_all_rules_hold(site)


def acknowledged(reply: Reply) -> str:
    """The upload that was taken: nothing is broken yet."""
    assert reply.status == http.client.ACCEPTED, (reply.status, reply.body[:500])
    name: str = reply.json["id"]
    return name


def assert_all_rules_hold(site: BreakableSite) -> None:
    """After one sweep."""
    broken = site.sweep_and_check()
    assert not broken, broken


def assert_two_saw_each_other(site: BreakableSite, uploads: list[str]) -> None:
    """I8: one is published, and the other asks."""
    states = site.keeper("states")
    found = Counter(states[upload] for upload in uploads)
    assert found == {"live": 1, "held": 1}, (found, site.keeper("refusals"))


def break_submission(site: BreakableSite, step: str, fault: str, hold: float) -> None:
    """What was acknowledged is there; what was not may be there too, and then it is finished."""
    alice = Program.of(site.live, "alice")
    data, _ = twins()
    before = set(site.keeper("states"))
    site.gates.close(step)
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(alice.upload, data)
        strike(site, fault, site.gates.wait_for(step), hold)
        reply = answer_of(sent)
    site.settle()
    fresh = {name: state for name, state in site.keeper("states").items() if name not in before}
    assert set(fresh.values()) <= {"live", "held", "withdrawn"}, site.keeper("refusals")
    if reply is not None and reply.status == http.client.ACCEPTED:
        assert fresh[reply.json["id"]] == "live", fresh
    else:
        assert reply is None or reply.status in _SERVICE, (reply.status, reply.body[:500])
        assert len(fresh) <= 1, fresh
    assert_all_rules_hold(site)


def break_answer(site: BreakableSite, step: str, fault: str, hold: float) -> None:
    """An answer counts once or not at all, whatever its uploader was told; said again, it counts once."""
    alice = Program.of(site.live, "alice")
    upload = next(up["id"] for data in twins() for up in [alice.submit(data)] if up["state"] == "held")
    (question,) = alice.get(f"uploads/{upload}").json["matches"]
    words = {"verdict": "same", "match": question["id"]}
    site.gates.close(step)
    with ThreadPoolExecutor(1) as pool:
        said = pool.submit(alice.post, f"uploads/{upload}/decision", words)
        strike(site, fault, site.gates.wait_for(step), hold)
        reply = answer_of(said)
    again = answer_in_peace(site, alice, upload, words)
    assert again.status in {http.client.OK, http.client.CONFLICT}, (again.status, again.body[:500])
    if reply is not None and reply.status == http.client.OK:
        assert again.status == http.client.CONFLICT, "it was acknowledged, and was lost"
    with site.live.connect() as database:
        counted = "SELECT count(*) FROM dedupe_decision d JOIN dedupe_picture p ON p.id = d.picture_id"
        row = database.execute(f"{counted} WHERE p.public_id = %s", [upload]).fetchone()
    assert row == (1,), row
    assert_all_rules_hold(site)


def answer_of(future: Future[Reply]) -> Reply | None:
    """What a request was answered; None where the connection broke."""
    try:
        return future.result(90)
    except (OSError, http.client.HTTPException):
        return None


def answer_in_peace(site: BreakableSite, alice: Program, upload: str, words: dict[str, str]) -> Reply:
    """Say it once more when everything works again; a web process may still be on its way."""
    site.await_ready()
    return alice.post(f"uploads/{upload}/decision", words)
