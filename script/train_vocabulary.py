"""Trains the vocabulary of visual words anew, from pictures of clear licence in Debian packages.

python -m script.train_vocabulary [FOLDER]

Needs apt-get and dpkg-deb, and about 700 MB to download; the packages are kept in FOLDER, or in a folder that is
removed afterwards. Writes ``dedupe/imaging/vocabulary/words.npz`` and, beside it, where it came from. The same
packages give the same tables on the same kind of processor: everything is drawn from one seed, and summed in one
order.

What is stored is statistics of gradients, 2 × 1024 means over some hundred thousand places; no picture can be
made from it.
"""

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy: sums in one order

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from dedupe.imaging.features import LIBRARY_POINTS, VIEW_SIDE, Floats, extract
from script.vocabulary_sources import SOURCES, Source

TABLES = Path(__file__).resolve().parent.parent / "dedupe" / "imaging" / "vocabulary"
SEED = 20261122
CENTROIDS = 1024
ROUNDS = 12
_LEAST_SIDE = 64  # smaller pictures, icons mostly, say nothing about what is uploaded
_POINTS_A_VIEW = LIBRARY_POINTS
_AT_ONCE = 16384

Labels = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Sample:
    """What one package gave: its version, the pictures that were read, and their descriptors float32[n, 128]."""

    source: Source
    version: str
    pictures: int
    descriptors: Floats


def fetched(source: Source, folder: Path) -> tuple[Path, str]:
    """The unpacked package and its version, downloaded if it is not in the folder yet."""
    if not list(folder.glob(f"{source.package}_*.deb")):
        subprocess.run(["apt-get", "download", "-q", source.package], cwd=folder, check=True)
    archive = max(folder.glob(f"{source.package}_*.deb"))
    tree = folder / "unpacked" / source.package
    if not tree.exists():
        tree.mkdir(parents=True)
        subprocess.run(["dpkg-deb", "-x", archive, tree], check=True)
    version = subprocess.run(
        ["dpkg-deb", "-f", archive, "Version"], check=True, capture_output=True, text=True
    )
    return tree, version.stdout.strip()


def chosen(source: Source, tree: Path, rng: np.random.Generator) -> list[Path]:
    """At most ``source.most`` files, drawn from the sorted list of all that fit."""
    files = sorted(path for path in tree.glob(source.pattern) if path.is_file() and not path.is_symlink())
    drawn = sorted(rng.choice(len(files), min(source.most, len(files)), replace=False))
    return [files[index] for index in drawn]


def opened(path: Path) -> Image.Image | None:
    """The picture over white at no more than twice the size of a view, or None if it is too small."""
    with Image.open(path) as image:
        if min(image.size) < _LEAST_SIDE:
            return None
        image.draft("RGB", (2 * VIEW_SIDE, 2 * VIEW_SIDE))
        image.load()
        over_white = Image.new("RGBA", image.size, "white")
        over_white.alpha_composite(image.convert("RGBA"))
    picture = over_white.convert("RGB")
    picture.thumbnail((2 * VIEW_SIDE, 2 * VIEW_SIDE), Image.Resampling.LANCZOS)
    return picture


def views(picture: Image.Image, count: int, rng: np.random.Generator) -> Iterator[Image.Image]:
    """The whole picture, then random parts of it, 40 to 90 % of each side, reduced at random, half of them mirrored."""
    whole = picture.copy()
    whole.thumbnail((VIEW_SIDE, VIEW_SIDE), Image.Resampling.LANCZOS)
    yield whole
    for _ in range(count - 1):
        share = rng.uniform(0.4, 0.9)
        width, height = (max(32, round(side * share)) for side in picture.size)
        x, y = rng.integers(0, picture.width - width + 1), rng.integers(0, picture.height - height + 1)
        part = picture.crop((int(x), int(y), int(x) + width, int(y) + height))
        side = int(rng.integers(VIEW_SIDE // 2, VIEW_SIDE + 1))
        part.thumbnail((side, side), Image.Resampling.LANCZOS)
        yield part.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if rng.random() < 0.5 else part


def sampled(source: Source, folder: Path) -> Sample:
    """The descriptors of one package's pictures."""
    rng = np.random.default_rng([SEED, *source.package.encode()])
    tree, version = fetched(source, folder)
    pictures = 0
    found: list[Floats] = []
    for path in chosen(source, tree, rng):
        picture = opened(path)
        if picture is None:
            continue
        pictures += 1
        found.extend(
            extract(np.asarray(view)).first(_POINTS_A_VIEW).descriptors
            for view in views(picture, source.views, rng)
        )
    print(
        f"{source.package} {version}: {pictures} pictures, {sum(len(each) for each in found)} descriptors",
        flush=True,
    )
    return Sample(source, version, pictures, np.concatenate(found))


def nearest(vectors: Floats, centroids: Floats) -> Labels:
    """The nearest of the centroids to each vector, by Euclidean distance."""
    half_norms = (centroids**2).sum(axis=1) / 2
    parts = [
        (vectors[start : start + _AT_ONCE] @ centroids.T - half_norms).argmax(axis=1)
        for start in range(0, len(vectors), _AT_ONCE)
    ]
    return np.concatenate(parts)


def k_means(vectors: Floats, rng: np.random.Generator) -> Floats:
    """CENTROIDS means, float32[CENTROIDS, 128], by Lloyd's algorithm ("Least squares quantization in PCM", 1982).

    A mean that nothing is nearest to starts again at a vector drawn at random.
    """
    centroids = vectors[rng.choice(len(vectors), CENTROIDS, replace=False)]
    for _ in range(ROUNDS):
        labels = nearest(vectors, centroids)
        order = np.argsort(labels, kind="stable")
        present, starts, counts = np.unique(labels[order], return_index=True, return_counts=True)
        sums = np.add.reduceat(vectors[order], starts, axis=0, dtype=np.float64)
        centroids = vectors[rng.choice(len(vectors), CENTROIDS, replace=False)]
        centroids[present] = sums / counts[:, None]
    return centroids


def eight_bits(table: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """The table as int8 and the step between two levels, float32[1]."""
    step = np.array([np.abs(table).max() / 127], np.float32)
    return np.rint(table / step).astype(np.int8), step


def train(descriptors: Floats) -> dict[str, npt.NDArray[np.generic]]:
    """The arrays of the vocabulary: coarse means, then the means of what is left over."""
    rng = np.random.default_rng(SEED)
    coarse, coarse_step = eight_bits(k_means(descriptors, rng))
    stored = coarse * coarse_step
    fine, fine_step = eight_bits(k_means(descriptors - stored[nearest(descriptors, stored)], rng))
    return {"coarse": coarse, "coarse_step": coarse_step, "fine": fine, "fine_step": fine_step}


def provenance(samples: Sequence[Sample], checksum: str) -> str:
    """The page that stands beside the tables."""
    rows = [
        f"| {each.source.package} {each.version} | {each.source.licence} | {each.source.shows} "
        f"| {each.pictures} | {len(each.descriptors)} |"
        for each in samples
    ]
    pictures, descriptors = sum(s.pictures for s in samples), sum(len(s.descriptors) for s in samples)
    return f"""# Where the vocabulary comes from

`words.npz` holds 2 × {CENTROIDS} centroids of RootSIFT descriptors: the first table of the descriptors, the second
of what the first leaves over. It was trained by `python -m script.train_vocabulary` (seed {SEED}, {ROUNDS} rounds
of Lloyd's algorithm) on {descriptors} descriptors of {pictures} pictures out of Debian packages. The tables are
means over many pictures; no picture, nor any part of one, is in them. SHA-256 of `words.npz`:
`{checksum}`

| Package | Licence of the pictures | Shows | Pictures | Descriptors |
|---|---|---|---|---|
{chr(10).join(rows)}

The authors are named in each package's `/usr/share/doc/PACKAGE/copyright`. Words computed with other tables cannot
be compared: whoever trains anew raises `WORDS_VERSION` and computes the words of the library again.
"""


def main(folder: Path) -> None:
    """Fetch, extract, train, and write the tables and their provenance."""
    with ProcessPoolExecutor() as pool:
        samples = list(pool.map(sampled, SOURCES, [folder] * len(SOURCES)))
    arrays = train(np.concatenate([each.descriptors for each in samples]))
    TABLES.mkdir(exist_ok=True)
    np.savez_compressed(TABLES / "words.npz", **arrays)  # type: ignore[arg-type]
    checksum = hashlib.sha256((TABLES / "words.npz").read_bytes()).hexdigest()
    (TABLES / "PROVENANCE.md").write_text(provenance(samples, checksum))
    print(f"{(TABLES / 'words.npz').stat().st_size} bytes, SHA-256 {checksum}")


if __name__ == "__main__":
    with ExitStack() as stack:
        given = sys.argv[1:] or [stack.enter_context(tempfile.TemporaryDirectory())]
        main(Path(given[0]).resolve())
