"""Runs pytest and measures what it runs, in every process that comes of it: workers, web, forks.

`python -m script.checks.covered DATA_FILE [pytest arguments]`. The subject of the measure stands in pyproject.toml.
"""

import sys

import coverage


def main(data_file: str, arguments: list[str]) -> int:
    """Pytest's exit status; the measurements lie beside the data file, one for each process."""
    measure = coverage.Coverage(data_file=data_file)
    measure.set_option("run:patch", ["subprocess", "fork", "_exit"])
    measure.start()
    # Only now: what pytest imports is to be measured too.
    import pytest

    status = pytest.main(arguments)
    measure.stop()
    measure.save()
    return int(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
