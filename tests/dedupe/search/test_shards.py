"""The candidate query can be put to two databases that hold half of the pictures each, and the answers merged."""

from __future__ import annotations

import io
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from PIL import Image, ImageOps

from dedupe.conf import Matching
from dedupe.evaluation.scratch import scratch_database, scratch_site
from dedupe.imaging import analyse
from dedupe.imaging.words import WordPoints
from dedupe.models import Picture
from dedupe.search import Candidates, Query, find_candidates, query_of_analysis
from dedupe.search.postings import merge_postings, post_words
from dedupe.workflow import analyse_picture, submit_picture
from dedupe.workflow.analysis import publish_unasked
from script.supervisor.postgres import Postgres
from tests.pictures import encoded
from tests.scenes import drawing, photograph

MATCHING = Matching(
    verified_candidates=50
)  # so that no list of words is cut, which would be cut in each half
Rows = list[Model]


@dataclass(frozen=True)
class Half:
    """What a database of one half holds: rows of the tables, and the words of its pictures."""

    rows: Rows
    words: dict[int, bytes]


def edits(image: Image.Image) -> list[Image.Image]:
    """The picture, smaller, cropped, and in a mirror."""
    width, height = image.size
    part = image.crop((width // 6, height // 6, width - 40, height - 30))
    return [image, image.resize((width // 2, height // 2)), part, ImageOps.mirror(image)]


def originals() -> list[Image.Image]:
    return [photograph(1), photograph(2), photograph(3), drawing(1), drawing(2)]


def lay_in(images: Iterable[Image.Image]) -> None:
    """Make each a live picture, whatever it looks like; half of the words are merged into the lists."""
    for number, image in enumerate(images):
        data = encoded(image, "JPEG", quality=88)
        picture = submit_picture(None, io.BytesIO(data), size=len(data))
        analyse_picture(picture.pk, then=publish_unasked)
        if number == 9:
            merge_postings()


def half(parity: int) -> Half:
    """The pictures whose ids are even (0) or odd (1), with all rows that hang on them."""
    tables: list[Any] = [
        model
        for model in apps.get_app_config("dedupe").get_models()
        if "picture" in {field.name for field in model._meta.fields} and model._meta.managed
    ]
    rows: Rows = [each for each in Picture.objects.order_by("pk") if each.pk % 2 == parity]
    words: dict[int, bytes] = {}
    for model in tables:
        for row in model._default_manager.all():
            if getattr(row, "picture_id", 1 - parity) % 2 != parity:
                continue
            if model.__name__ == "VisualWords":
                words[row.picture_id] = bytes(row.points)
            else:
                rows.append(row)
    return Half(rows, words)


def lay_out(part: Half) -> None:
    """Fill an empty database with a half; the lists of words are written by the product."""
    for row in part.rows:
        type(row)._default_manager.bulk_create([row])
    for picture_id, points in part.words.items():
        post_words(picture_id, WordPoints.from_bytes(points))


def merged(answers: list[Candidates]) -> Candidates:
    """One answer from those of the shards: a picture stands in one of them alone, so that nothing is counted twice."""
    found = [candidate for answer in answers for candidate in answer.found]
    found.sort(key=lambda each: (each.distance is None, each.distance, each.picture_id))
    cut = {route for answer in answers for route in answer.cut}
    silent = dict.fromkeys(route for answer in answers for route in answer.not_searched)
    return Candidates(tuple(found), tuple(sorted(cut)), tuple(silent))


def ask(site: AbstractContextManager[str], queries: list[Query], part: Half) -> list[Candidates]:
    with site:
        lay_out(part)
        return [find_candidates(query, MATCHING) for query in queries]


def test_two_databases_give_the_candidates_of_one(server: Postgres) -> None:
    library = [edit for image in originals() for edit in edits(image)]
    copies = [encoded(image, "JPEG", quality=55) for image in library]
    queries = [query_of_analysis(analyse(copy)) for copy in copies]
    queries.append(replace(queries[0], leave_out=(1, 2)))
    with scratch_site():
        lay_in(library)
        whole = [find_candidates(query, MATCHING) for query in queries]
        halves = [half(0), half(1)]
    assert all(len(answer.found) >= 3 for answer in whole[:-1])
    shards = [ask(scratch_database(), queries, part) for part in halves]
    for one, *two in zip(whole, *shards, strict=True):
        assert all(answer.found for answer in two) or len(one.found) == 1
        assert merged(two) == one
    routes = {route for answer in whole for each in answer.found for route in each.routes}
    assert routes >= {"window", "hash0", "hash1", "hash2", "hash3", "words"}


@pytest.fixture
def server(postgres: Postgres, django_db_blocker: Any) -> Any:
    """The database server, and leave to use it outside the test database."""
    with django_db_blocker.unblock():
        yield postgres
