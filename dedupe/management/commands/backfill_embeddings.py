"""``manage.py backfill_embeddings``: let new embedders see the pictures that were here before them."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Exists, OuterRef

from dedupe import storage
from dedupe.embedding import Embedder, EmbedderFailed, View, read_view
from dedupe.models import Embedding, Picture
from dedupe.search.embedders import SHOWN_TO_EMBEDDERS, Embeddings, configured, embed_with
from dedupe.search.embeddings import keep_embeddings
from dedupe.storage import StorageUnavailable

_PAGE = 200


class Command(BaseCommand):
    help = (
        "Gives every analysed picture its value of each embedder in the settings. Pictures that have one are passed "
        "over, so a run that was broken off is resumed by starting it again. The site may run meanwhile."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", help="only the embedders of this name")

    def handle(self, *args: Any, name: str | None = None, **options: Any) -> None:
        failed = False
        for embedder in chosen(name):
            counts = Counter(self._fill(embedder, picture) for picture in lacking(embedder))
            told = ", ".join(f"{counts[what]} {what}" for what in ("filled", "without a rendition", "failed"))
            self.stdout.write(f"{embedder.name} v{embedder.version}: {told}.")
            failed |= bool(counts["failed"])
        if failed:
            self.stderr.write("What failed is tried again when the command is started again.")
            sys.exit(1)

    def _fill(self, embedder: Embedder, picture: Picture) -> str:
        try:
            view = view_of(picture)
            if view is None:
                return "without a rendition"
            keep_embeddings(picture.pk, Embeddings((embed_with(embedder, view),)))
        except StorageUnavailable as error:
            raise CommandError(
                f"The picture store does not answer: {error}. Start again to go on."
            ) from error
        except (EmbedderFailed, OSError) as error:
            self.stderr.write(f"{picture.public_id}: {error}")
            return "failed"
        except Picture.DoesNotExist:
            return "gone meanwhile"
        return "filled"


def chosen(name: str | None) -> tuple[Embedder, ...]:
    """The embedders to fill. Raises CommandError when there is none."""
    found = tuple(each for each in configured().embedders if name in (None, each.name))
    if not found:
        raise CommandError(
            f"There is no embedder {name!r} in the settings." if name else "There is no embedder."
        )
    return found


def lacking(embedder: Embedder) -> Iterator[Picture]:
    """The analysed pictures without a value of this version, by id, read a page at a time."""
    kept = Embedding.objects.filter(picture=OuterRef("pk"), name=embedder.name, version=embedder.version)
    pictures = Picture.objects.filter(~Exists(kept), analysed_at__isnull=False)
    last = 0
    while page := list(pictures.filter(pk__gt=last).order_by("pk").prefetch_related("renditions")[:_PAGE]):
        yield from page
        last = page[-1].pk


def view_of(picture: Picture) -> View | None:
    """The view of a stored picture, or None when its renditions are gone. Raises StorageUnavailable, OSError."""
    for kind in SHOWN_TO_EMBEDDERS:
        rendition = picture.rendition(kind)
        if rendition is not None:
            try:
                return read_view(storage.read_rendition(rendition.key))
            except FileNotFoundError:
                continue
    return None
