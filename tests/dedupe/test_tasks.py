"""The doors: each task calls its one function, and a real worker answers them."""

import time

import pytest

from board.models import User
from dedupe import tasks
from dedupe.models import Picture, State
from tests.dedupe.conftest import jpeg, scene, submit


@pytest.mark.django_db
def test_each_door_leads_to_its_room(alice: User) -> None:
    picture = submit(alice, jpeg(scene()))
    tasks.analyse(picture.pk)
    tasks.ring_again()
    tasks.sweep(prefixes=1)
    picture.refresh_from_db()
    assert picture.state == State.LIVE


@pytest.mark.django_db(transaction=True)
def test_an_upload_is_taken_by_a_worker_process(alice: User, worker: object) -> None:
    picture = submit(alice, jpeg(scene()))
    for _ in range(200):
        picture.refresh_from_db()
        if picture.is_settled:
            break
        time.sleep(0.1)
    assert picture.state == State.LIVE
    assert Picture.objects.count() == 1
