"""Later renditions are made in the jail, and what it answers is looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dedupe.imaging import Refused
from dedupe.imaging.finer import Finer, avif_renditions, full_rendition
from dedupe.imaging.wire_renditions import renditions_to_json
from dedupe.jail.client import Caps, render_file
from dedupe.jail.protocol import Job
from dedupe.jail.rendering import decode_finer
from tests import pictures as p

PICTURE = p.encoded(p.landscape(), "PNG")
AVIF, FULL = avif_renditions(PICTURE), full_rendition(PICTURE)


def said(finer: Finer, **other: Any) -> tuple[dict[str, Any], bytes]:
    value = {"profile": finer.profile, "renditions": renditions_to_json(finer.renditions)} | other
    return value, b"".join(each.data for each in finer.renditions)


def test_the_jail_answers_as_it_would_outside(tmp_path: Path) -> None:
    file = tmp_path / "picture"
    file.write_bytes(PICTURE)
    assert render_file(file, Job.AVIF) == AVIF
    assert render_file(file, Job.FULL) == FULL
    with pytest.raises(Refused):
        render_file(file, Job.FULL, Caps(address_space=1 << 20))
    file.write_bytes(b"prose")
    with pytest.raises(Refused):
        render_file(file, Job.AVIF)


def test_an_answer_comes_back_as_it_was() -> None:
    assert decode_finer(Job.AVIF, *said(AVIF)) == AVIF
    assert decode_finer(Job.FULL, *said(FULL)) == FULL


def changed(index: int, **other: Any) -> dict[str, Any]:
    described = renditions_to_json(AVIF.renditions)
    described[index] |= other
    return {"renditions": described}


@pytest.mark.parametrize(
    "other",
    [
        {"profile": "two\nlines"}, {"profile": "x" * 65}, {"profile": None}, {"renditions": None}, {"renditions": []},
        {"renditions": [5]}, changed(0, kind="large"), changed(0, kind="full"), changed(0, kind="small_avif"),
        changed(0, mime="image/jpeg"), changed(0, width=1201), changed(0, width="9"), changed(1, height=0),
        changed(0, bytes=-1), changed(0, bytes=7), changed(1, bytes=9**9), {"renditions": changed(0)["renditions"][:1]},
    ],
    ids=str,
)  # fmt: skip
def test_nothing_is_believed(other: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        decode_finer(Job.AVIF, *said(AVIF, **other))


def test_one_job_does_not_do_the_others_work() -> None:
    for job, finer in ((Job.FULL, AVIF), (Job.AVIF, FULL)):
        with pytest.raises(ValueError):
            decode_finer(job, *said(finer))


def test_bytes_begin_as_what_they_say_they_are() -> None:
    value, blobs = said(AVIF)
    with pytest.raises(ValueError, match="wrong type"):
        decode_finer(Job.AVIF, value, b"<html>".ljust(len(blobs)))
