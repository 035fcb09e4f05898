"""The main job through the API: upload, be asked, answer, be redirected, undo."""

from __future__ import annotations

from dedupe import workflow
from dedupe.models import Picture
from tests.board.api.conftest import Actor, jpeg, scene


def test_the_whole_journey(alice: Actor, bob: Actor, live: Picture) -> None:
    accepted = alice.send("uploads", jpeg(scene(), 60), title="My hills", tags="Hills, Sunny day")
    assert accepted.status_code == 202, accepted.content
    upload_id = accepted.json()["id"]
    assert accepted.json()["state"] == "staged"
    assert accepted["Location"] == f"/api/v1/uploads/{upload_id}"
    assert accepted.json()["status_url"] == f"http://testserver/api/v1/uploads/{upload_id}"
    assert accepted.json()["url"] == f"http://testserver/uploads/{upload_id}"

    workflow.analyse_picture(Picture.objects.get(public_id=upload_id).pk)
    held = alice.get(f"uploads/{upload_id}").json()
    assert (held["state"], held["check"]) == ("held", "matches")
    (question,) = held["matches"]
    assert question["picture"]["id"] == live.public_id
    assert question["picture"]["title"] == "Hills"
    assert question["relation"] == "re_encoded"
    assert question["distance"] <= 16
    assert question["evidence"]["dct"] == question["distance"]
    assert question["verdict"] is None

    answered = alice.post(
        f"uploads/{upload_id}/decision", {"verdict": "same", "match": question["id"], "reason": "Mine too"}
    )
    assert answered.status_code == 200, answered.content
    assert answered.json()["upload"]["state"] == "withdrawn"
    assert answered.json()["upload"]["duplicate_of"] == live.public_id
    assert answered.json()["upload"]["matches"][0]["verdict"] == "same"

    moved = bob.get(f"pictures/{upload_id}")
    assert moved.status_code == 301
    assert moved["Location"] == f"/api/v1/pictures/{live.public_id}"
    assert moved["Cache-Control"] == "no-cache"
    assert moved.json() == {"id": upload_id, "duplicate_of": live.public_id}
    assert alice.get(f"pictures/{live.public_id}").json()["redirects"] == [upload_id]
    assert bob.get(f"pictures/{live.public_id}").json()["redirects"] == [], "a copy that was never published"

    undone = alice.delete(f"decisions/{answered.json()['decision']}")
    assert undone.status_code == 200, undone.content
    assert undone.json()["upload"]["state"] == "held"
    assert undone.json()["upload"]["matches"][0]["verdict"] is None
    assert bob.get(f"pictures/{upload_id}").status_code == 404
