"""Processor time of fingerprinting, as ratios to the least that could be done.

    python -m benchmarks.fingerprint FILE...

The floor of a JPEG is libjpeg-turbo's grey decode at 1/8 plus SHA-256 of the bytes; of any other
format a full decode plus SHA-256. Medians over the files of the median of some runs on each.
"""

import hashlib
import statistics
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image

from dedupe.imaging import Refused, analyse, fingerprint

_RUNS = 5


def _floor(data: bytes) -> None:
    hashlib.sha256(data).digest()
    image = Image.open(BytesIO(data))
    image.draft("L", (image.width // 8, image.height // 8))
    image.load()


def _imagehash() -> Callable[[bytes], object] | None:
    try:
        import imagehash
    except ImportError:
        return None
    return lambda data: imagehash.phash(Image.open(BytesIO(data)))


def _seconds(work: Callable[[bytes], object], data: bytes) -> float:
    """Median processor seconds of one call."""
    times = []
    for _ in range(_RUNS):
        started = time.process_time()
        work(data)
        times.append(time.process_time() - started)
    return statistics.median(times)


def measure(files: list[Path]) -> dict[str, tuple[float, float]]:
    """Median ratio to the floor, and median milliseconds, by method."""
    methods: dict[str, Callable[[bytes], object]] = {
        "floor: reduced decode + SHA-256": _floor,
        "fingerprint": fingerprint,
        "analyse (with pixels, renditions)": analyse,
    }
    if (peer := _imagehash()) is not None:
        methods["imagehash.phash"] = peer
    times: dict[str, list[float]] = {name: [] for name in methods}
    for file in files:
        data = file.read_bytes()
        try:
            analyse(data)
        except Refused as refused:
            print(f"{file}: {refused}", file=sys.stderr)
            continue
        for name, work in methods.items():
            times[name].append(_seconds(work, data))
    return _ratios(times)


def _ratios(times: dict[str, list[float]]) -> dict[str, tuple[float, float]]:
    floors = next(iter(times.values()))
    if not floors:
        return {}
    return {
        name: (
            statistics.median(t / max(f, 1e-6) for t, f in zip(seconds, floors, strict=True)),
            statistics.median(seconds) * 1000,
        )
        for name, seconds in times.items()
    }


def main(arguments: list[str]) -> int:
    """Print the table; 2 without files, 1 if none could be read."""
    if not arguments:
        print("usage: python -m benchmarks.fingerprint FILE...", file=sys.stderr)
        return 2
    table = measure([Path(argument) for argument in arguments])
    for name, (ratio, milliseconds) in table.items():
        print(f"{name:36} {ratio:8.2f} × {milliseconds:10.2f} ms")
    return 0 if table else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
