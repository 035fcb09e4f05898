"""Numbers and texts that came out of the jail: none is believed before it was looked at."""

from .profiles import sanitised

_MAX_COUNT = 2**40


def checked_count(value: object, most: int = _MAX_COUNT) -> int:
    """A whole number from 1 to ``most``. Raises ValueError for anything else."""
    if type(value) is not int or not 1 <= value <= most:
        raise ValueError("not a count")
    return value


def checked_real(value: object, least: float, most: float) -> float:
    """A number within its bounds. Raises ValueError for anything else."""
    if type(value) not in (int, float):
        raise ValueError("not a number")
    # Bounds first: an endless integer is no float, and NaN lies between no bounds.
    if not least <= value <= most:  # type: ignore[operator]
        raise ValueError("number out of range")
    return float(value)  # type: ignore[arg-type]


def checked_profile(value: object) -> str:
    """The name of a colour profile as ``profile_name`` writes it. Raises ValueError for anything else."""
    if not isinstance(value, str) or value != sanitised(value):
        raise ValueError("not the name of a profile")
    return value
