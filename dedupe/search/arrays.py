"""Numbers as Postgres writes an array: the driver takes longer over a list of them than the server over the query."""

from collections.abc import Iterable


def array_text(numbers: Iterable[float]) -> str:
    """The text of an array, to be cast by the statement that it is given to."""
    return f"{{{','.join(map(repr, numbers))}}}"
