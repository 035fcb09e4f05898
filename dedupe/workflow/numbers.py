"""What an analysis found: got from the jail, and written down in one transaction."""

from __future__ import annotations

import logging
from typing import Any

from django.utils import timezone

from dedupe import storage
from dedupe.imaging import LOW_DETAIL, Analysis, Refusal, Refused
from dedupe.imaging import Fingerprint as Numbers
from dedupe.imaging import Rendition as RenderedImage
from dedupe.jail.client import analyse_file
from dedupe.measures import Stage, timed
from dedupe.models import Fingerprint, Picture, Rendition, State
from dedupe.models.fingerprints import signed
from dedupe.search import keys
from dedupe.search.embedders import SHOWN_TO_EMBEDDERS, Embeddings, embed_rendition
from dedupe.search.embeddings import keep_embeddings
from dedupe.search.postings import post_words
from dedupe.workflow.rendering import order_avif, write_renditions

log = logging.getLogger(__name__)


def analyse_original(picture: Picture) -> Analysis:
    """Analyse the stored bytes of a picture in the jail.

    Raises Refused, StorageUnavailable, JailUnavailable, ChildKilled.
    """
    try:
        with storage.local_copy(picture.storage_key) as (path, checksum):
            if checksum != picture.checksum:
                raise Refused(Refusal.BROKEN, "the stored bytes are not those that arrived")
            with timed(Stage.DECODE):
                jailed = analyse_file(path)
    except FileNotFoundError as error:
        raise Refused(Refusal.BROKEN, "the stored file is gone") from error
    log.info(
        "Picture %s was analysed in %.2f s and %d MB",
        picture.public_id,
        jailed.seconds,
        jailed.peak_memory_bytes >> 20,
    )
    return jailed.analysis


def embeddings_from(analysis: Analysis) -> Embeddings:
    """What the embedders make of the view of an analysis."""
    images = {image.kind.value: image.data for image in analysis.renditions}
    return embed_rendition(next(images[kind] for kind in SHOWN_TO_EMBEDDERS if kind in images))


def write_numbers(
    picture: Picture, analysis: Analysis, stored: list[tuple[RenderedImage, str]], embeddings: Embeddings
) -> None:
    """Write down what was found of a locked picture; ``stored`` are its renditions with their keys."""
    picture.pixel_checksum = analysis.pixel_checksum
    picture.format = analysis.format
    picture.width, picture.height = analysis.width, analysis.height
    picture.frames = analysis.frames
    picture.quality = analysis.quality
    picture.damaged = analysis.damaged
    picture.colour_profile = analysis.profile
    picture.analysed_at = timezone.now()
    picture.save(
        update_fields=[
            "pixel_checksum", "format", "width", "height", "frames", "quality", "damaged", "colour_profile",
            "analysed_at",
        ]
    )  # fmt: skip
    write_fingerprints(picture, analysis)
    _keep_renditions(picture, stored)
    order_avif(picture)
    post_words(picture.pk, analysis.words.plain)
    keep_embeddings(picture.pk, embeddings)


def write_fingerprints(picture: Picture, analysis: Analysis) -> None:
    """Write one row for each treatment, and remove those of a former analysis that this one did not call for.

    Rows of other versions stay as they are.
    """
    version = analysis.fingerprint.version
    treatments = [numbers.treatment for numbers in analysis.fingerprints]
    picture.fingerprints.filter(version=version).exclude(treatment__in=treatments).delete()
    columns = [_columns(numbers) for numbers in analysis.fingerprints]
    searchable = picture.state == State.LIVE
    Fingerprint.objects.bulk_create(
        [Fingerprint(picture=picture, version=version, searchable=searchable, **each) for each in columns],
        update_conflicts=True,
        unique_fields=["picture", "version", "treatment"],
        update_fields=["searchable", *(name for name in columns[0] if name != "treatment")],
    )


def _columns(numbers: Numbers) -> dict[str, Any]:
    chunks = keys.chunks(numbers.phash)
    return {
        "treatment": numbers.treatment,
        "intensity": numbers.intensity,
        "quadrants": list(numbers.quadrants),
        "aspect": numbers.aspect,
        "detail": numbers.detail,
        "phash": signed(numbers.phash),
        "dct_hash": numbers.dct_hash,
        "luma": numbers.luma,
        "box": list(numbers.box),
        "low_detail": numbers.detail < LOW_DETAIL,
        "window_key": keys.window_key(numbers.aspect, numbers.quadrants),
        **{f"chunk{number}": chunk for number, chunk in enumerate(chunks)},
    }


def _keep_renditions(picture: Picture, stored: list[tuple[RenderedImage, str]]) -> None:
    """Write one row for each kind; a file that loses its row is swept up later. What was ordered stays."""
    made = [image.kind.value for image, _ in stored]
    picture.renditions.exclude(kind__in=[*made, *Rendition.ORDERED]).delete()
    write_renditions(picture, stored)
