"""A measurement as tables of plain text, and as a document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from dedupe.evaluation.tables import table
from dedupe.scale.clock import Times
from dedupe.scale.measuring import Measurement
from dedupe.scale.truth import RADIUS


def lines(done: Measurement) -> Iterator[str]:
    """The measurement for a terminal, line by line."""
    yield f"{done.stored.pictures:,} pictures, {done.stored.fingerprints:,} fingerprints."
    yield from (f"A plan is not as it was meant: {each}." for each in done.complaints)
    for title, rows in (
        ("Milliseconds", _times(done)),
        ("Several clients at once", _load(done)),
        (f"Found ({done.order.questions} questions)", _recall(done)),
        ("Compared with the upright query", _rivals(done)),
        ("Parts of pictures, by words", _crops(done)),
        ("An insert, milliseconds of the database a picture", _inserts(done)),
        ("Indexes", _indexes(done)),
    ):
        part = list(rows)
        if part:
            yield from ("", title, *part)


def document(done: Measurement) -> dict[str, Any]:
    """The same as values for JSON."""
    value = asdict(done)
    value["order"]["files"] = len(done.order.files)
    return value


def _columns(times: Times) -> list[str]:
    return [f"{each:.2f}" for each in (times.p50, times.p95, times.p99)]


def _times(done: Measurement) -> Iterator[str]:
    rows = [
        ["as it is", *_columns(done.upright.times), f"{done.upright.rows}", f"{done.upright.cut:.0%}"],
        ["every way", *_columns(done.every_way.times), f"{done.every_way.rows}", f"{done.every_way.cut:.0%}"],
        ["as it is, crowds stored", *_columns(done.crowded_upright), "", ""],
        [
            "every way, crowds stored",
            *_columns(done.crowded_every_way),
            "",
            f"{done.crowded_cut:.0%} of the crowd's",
        ],
    ]
    yield from table(["query", "p50", "p95", "p99", "rows read", "cut short"], rows)


def _load(done: Measurement) -> Iterator[str]:
    rows = [
        [name, asked.load.clients, *_columns(asked.load.times), f"{asked.load.per_second:.0f}"]
        for name, asked in (("as it is", done.upright), ("every way", done.every_way))
    ]
    yield from table(["query", "clients", "p50", "p95", "p99", "queries a second"], rows)


def _recall(done: Measurement) -> Iterator[str]:
    recall = done.recall
    rows = [
        [
            f"all within {RADIUS} bits, by brute force",
            f"{recall.within_radius:.4f}",
            recall.pairs_within_radius,
        ],
        ["all within the window, by brute force", f"{recall.within_window:.4f}", recall.pairs_within_window],
        *(
            [f"planted: {kind}", f"{share:.4f}", done.order.questions]
            for kind, share in recall.planted.items()
        ),
    ]
    yield from table(["look-alikes", "share", "of"], rows)


def _rivals(done: Measurement) -> Iterator[str]:
    ours = done.upright.times
    rows = [["this statement", *_columns(ours), "1.0", "", ""]]
    for each in done.rivals:
        if each.times is None:
            rows.append([f"{each.name}: {each.missing}", "", "", "", "", "", ""])
            continue
        found = "" if each.found is None else f"{each.found:.2f}"
        size = "" if each.bytes_per_row is None else f"{each.bytes_per_row:.0f}"
        rows.append([each.name, *_columns(each.times), f"{each.times.p50 / ours.p50:.1f}", found, size])
    yield from table(["way", "p50", "p95", "p99", "times ours", "found at 8 bits", "bytes a row"], rows)


def _crops(done: Measurement) -> Iterator[str]:
    if done.crops is None:
        return
    found = done.crops
    rows = [
        ["found first", f"{found.first:.3f}"],
        ["found among the first ten", f"{found.first_ten:.3f}"],
        ["cut short", f"{found.cut:.2f}"],
        ["not searched", f"{found.not_searched:.2f}"],
        ["wall, ms: p50, p95, p99", ", ".join(_columns(found.times))],
        ["processor time of the client, ms", f"{found.cpu_ms:.1f}"],
        ["bytes a picture", f"{found.bytes_per_picture:.0f}"],
    ]
    yield from table(["what", "value"], rows)


def _inserts(done: Measurement) -> Iterator[str]:
    each = done.inserts
    rows = [
        ["fingerprint stored and published", *_columns(each.fingerprints)],
        ["words stored", *_columns(each.words)],
        ["words merged later", f"{each.merge_ms:.2f}", "", ""],
        ["words stored and merged", f"{each.words_and_merge:.2f}", "", ""],
    ]
    yield from table(["what", "p50", "p95", "p99"], rows)


def _indexes(done: Measurement) -> Iterator[str]:
    stored = done.stored
    rows = [
        [each.name, f"{each.seconds:.1f}", f"{each.size_bytes / stored.pictures:.1f}"]
        for each in stored.indexes
    ]
    total = sum(each.size_bytes for each in stored.indexes) / stored.pictures
    rows.append(["all of them", f"{sum(each.seconds for each in stored.indexes):.1f}", f"{total:.1f}"])
    rows.append(["the tables", "", f"{stored.table_bytes / stored.pictures:.1f}"])
    yield from table(["index", "built in s", "bytes a picture"], rows)
