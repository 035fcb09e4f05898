"""Processor time of fingerprinting, as ratios to the least that could be done, and to its peers.

    python -m benchmarks.fingerprint FILE...

The floor of a JPEG is libjpeg-turbo's grey decode at 1/8 plus SHA-256 of the bytes; of any other
format the fastest decoder that is installed, plus SHA-256. Medians over the files, by format, of the
least of some runs on each: what else the machine does only ever adds to a run. Peers and decoders that
are not installed are left out.
"""

import hashlib
import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

# One thread for everybody: processor time is compared, and a jailed child may start no others.
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "VIPS_CONCURRENCY": "1"}

import numpy as np
from PIL import Image

from benchmarks.analysis_parts import parts_of
from dedupe.imaging import Format, Refused, analyse, fingerprint, sniff

Work = Callable[[bytes], object]
Table = dict[str, tuple[float, float]]

_RUNS = 5


def _installed(name: str) -> Any | None:
    try:
        return import_module(name)
    except (ImportError, OSError):
        return None


def _jpeg_floor(data: bytes) -> None:
    hashlib.sha256(data).digest()
    image = Image.open(BytesIO(data))
    image.draft("L", (image.width // 8, image.height // 8))
    image.load()


def _pillow(data: bytes) -> None:
    Image.open(BytesIO(data)).load()


def peers() -> dict[str, Work]:
    """The perceptual hashes of others, as their users call them."""
    found: dict[str, Work] = {}
    if (imagehash := _installed("imagehash")) is not None:
        found["imagehash.phash"] = lambda data: imagehash.phash(Image.open(BytesIO(data)))
    if (pdqhash := _installed("pdqhash")) is not None:
        found["pdqhash.compute"] = lambda data: pdqhash.compute(
            np.asarray(Image.open(BytesIO(data)).convert("RGB"))
        )
    return found


def decoders(kind: Format) -> dict[str, Work]:
    """Full decoders of a format, by name."""
    found: dict[str, Work] = {"decode: Pillow": _pillow}
    if (cv2 := _installed("cv2")) is not None:
        cv2.setNumThreads(1)
        found["decode: OpenCV"] = lambda data: cv2.imdecode(np.frombuffer(data, np.uint8), -1)
    if (vips := _installed("pyvips")) is not None:
        found["decode: libvips"] = lambda data: vips.Image.new_from_buffer(data, "").write_to_memory()
    if (codecs := _installed("imagecodecs")) is not None and kind in {Format.PNG, Format.WEBP}:
        names = ("png", "apng", "spng") if kind is Format.PNG else ("webp",)
        found |= {f"decode: imagecodecs {name}": getattr(codecs, f"{name}_decode") for name in names}
    if (webp := _installed("webp")) is not None and kind is Format.WEBP:
        found["decode: webp"] = lambda data: webp.WebPData.from_buffer(data).decode()
    return found


def least(methods: dict[str, Work], data: bytes) -> dict[str, float]:
    """Least processor seconds of one call of each; they take turns, so that a busy spell meets them all."""
    found = dict.fromkeys(methods, float("inf"))
    for _ in range(_RUNS):
        for name, work in methods.items():
            started = time.process_time()
            work(data)
            found[name] = min(found[name], time.process_time() - started)
    return found


def _reads(decoder: Work, data: bytes) -> bool:
    """Whether a decoder knows this kind of the format: palettes and 16 bits are not for all."""
    try:
        decoder(data)
    except Exception:  # each library has errors of its own
        return False
    return True


def _checksum(data: bytes) -> None:
    hashlib.sha256(data).digest()


def _times(data: bytes, kind: Format) -> dict[str, float]:
    """Seconds by method, the floor first."""
    ours: dict[str, Work] = {"fingerprint": fingerprint, "analyse": analyse}
    if kind is Format.JPEG:
        return least({"floor: 1/8 grey + SHA-256": _jpeg_floor} | ours | peers(), data)
    rivals = {name: work for name, work in decoders(kind).items() if _reads(work, data)}
    found = least(ours | peers() | rivals | {"SHA-256": _checksum}, data)
    floor = min(found[name] for name in rivals) + found.pop("SHA-256")
    return {"floor: fastest decoder + SHA-256": floor} | found


def measure(files: list[Path]) -> dict[str, Table]:
    """By format: median ratio to the floor and median milliseconds of each method."""
    runs: dict[str, list[dict[str, float]]] = defaultdict(list)
    for file in files:
        data = file.read_bytes()
        try:
            analyse(data)
        except Refused as refused:
            print(f"{file}: {refused}", file=sys.stderr)
            continue
        kind = sniff(data)
        runs[kind.value].append(_times(data, kind) | parts_of(data))
    return {kind: _medians(found) for kind, found in runs.items()}


def _medians(runs: list[dict[str, float]]) -> Table:
    floor = next(iter(runs[0]))
    names = [name for name in runs[0] if all(name in run for run in runs)]
    return {
        name: (
            statistics.median(run[name] / max(run[floor], 1e-6) for run in runs),
            statistics.median(run[name] for run in runs) * 1000,
        )
        for name in names
    }


def main(arguments: list[str]) -> int:
    """Print the tables; 2 without files, 1 if none could be read."""
    if not arguments:
        print("usage: python -m benchmarks.fingerprint FILE...", file=sys.stderr)
        return 2
    tables = measure([Path(argument) for argument in arguments])
    for kind, table in tables.items():
        print(kind)
        for name, (ratio, milliseconds) in table.items():
            print(f"  {name:36} {ratio:8.2f} × {milliseconds:10.2f} ms")
    return 0 if tables else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
