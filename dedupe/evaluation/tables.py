"""A report as tables of plain text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dedupe.evaluation.document import confusion, times_in_ms
from dedupe.evaluation.report import Report, all_queries, queries, tallies
from dedupe.imaging import Relation

_TALLY = {
    "pairs": "pairs",
    "found": "found",
    "shown": "shown",
    "share shown": "share_shown",
    "first": "first",
    "median rank": "median_rank",
    "same": "same",
    "variant": "variant",
}
_TIMES = {
    "search_wall": "a query, wall",
    "search_cpu": "a query, processor",
    "analysis_wall": "reading a file that is only asked about, wall",
    "storing_wall": "storing a file, wall",
}


def lines(report: Report) -> Iterator[str]:
    """The report for a terminal, line by line."""
    for title, part in (
        ("Pairs", _pairs(report)),
        ("By class", _confusion(report)),
        ("Queries", _queries(report)),
        ("Milliseconds", _times(report)),
        ("False suggestions", _false(report)),
        ("Not read", _reasons(report.unreadable())),
        ("Searches that failed", _reasons(report.failed())),
    ):
        rows = list(part)
        if rows:
            yield from ("", f"{title}", *rows)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Columns as wide as their widest value: words to the left, numbers to the right."""
    cells = [list(head), *([_cell(value) for value in row] for row in rows)]
    if len(cells) == 1:
        return
    numeric = [_is_number(value) for value in cells[1]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    for row in cells:
        parts = zip(row, widths, numeric, strict=True)
        padded = (value.rjust(width) if right else value.ljust(width) for value, width, right in parts)
        yield "  " + "  ".join(padded).rstrip()


def printable(name: str) -> str:
    """A file's name without what a terminal would stumble over."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in name)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else printable(str(value))


def _is_number(cell: str) -> bool:
    return cell == "–" or cell.replace(".", "", 1).isdigit()


def _pairs(report: Report) -> Iterator[str]:
    by_all = tallies(report, "group", "expected", "relation")
    rows = [
        (*key, *(getattr(each, attribute) for attribute in _TALLY.values())) for key, each in by_all.items()
    ]
    yield from table(("set", "class", "relation", *_TALLY), rows)


def _confusion(report: Report) -> Iterator[str]:
    rows = [(name, *counts.values()) for name, counts in confusion(report).items()]
    yield from table(("class", "not shown", "same", "variant"), rows)
    if problems := sum(bool(each.problem) for each in report.pairs):
        yield f"  {problems} of the pairs not shown could not be asked about; the files stand below."


def _queries(report: Report) -> Iterator[str]:
    head = ("set", "files asked", "shown", "falsely", "files falsely asked about", "false per query")
    groups = queries(report) | {"all": all_queries(report)}
    yield from table(
        head,
        [
            (name or "–", q.asked, q.suggestions, q.false_suggestions, q.with_false_suggestion, q.false_per_query)
            for name, q in groups.items()
        ],
    )  # fmt: skip
    if spared := len(report.by_negatives_only):
        yield f"  {spared} more are connected only over pairs of the class must_not_match."


def _times(report: Report) -> Iterator[str]:
    rows = [
        (_TIMES[name], value["median"], value["p95"]) for name, value in times_in_ms(report).items() if value
    ]
    yield from table(("", "median", "p95"), rows)


def _false(report: Report) -> Iterator[str]:
    head = ("rank", "relation", "probability", "distance", "query", "shown")
    rows = [
        (shown.rank, shown.relation, shown.probability, shown.distance, each.query, each.files[0])
        for each in report.false_suggestions
        for shown in [each.shown]
    ]
    yield from table(head, rows)
    same = sum(each.shown.relation == Relation.SAME_PIXELS for each in report.false_suggestions)
    if same:
        yield f"  {same} of these have the same pixels: the list lacks a pair."


def _reasons(reasons: dict[str, str]) -> Iterator[str]:
    for name, reason in reasons.items():
        yield f"  {printable(name)}: {printable(reason)}"
