"""Bring pictures up to date that were analysed by an older version of the algorithms.

Two ways. The whole one writes everything that an analysis gives. The one *beside* writes the fingerprints of this
version and nothing else: it is for a new release that does not serve yet. The older release, which serves meanwhile,
reads the rows of its own version, the renditions and the words, none of which it touches.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from dedupe import storage
from dedupe.errors import Conflict
from dedupe.imaging import ALGORITHM_VERSION
from dedupe.imaging.words import WORDS_VERSION
from dedupe.models import Fingerprint, PendingSearch, Picture, State, VisualWords, Walk, WalkKind, WalkState
from dedupe.search.completeness import library_is_measured, measured_by
from dedupe.workflow.ledger import lock_pictures
from dedupe.workflow.numbers import analyse_original, embeddings_from, write_fingerprints, write_numbers
from dedupe.workflow.pending import search_again_later
from dedupe.workflow.publication import take_publication_lock
from dedupe.workflow.walks import finish

_UNSETTLED = (State.STAGED, State.ANALYSING, State.REJECTED)


def outdated(*, beside: bool = False) -> QuerySet[Picture]:
    """Analysed pictures that lack the numbers of the present versions, and still have their bytes.

    Those are the fingerprint and the words; ``beside`` the older release, the fingerprint alone.
    """
    fingerprint = Exists(Fingerprint.objects.filter(picture=OuterRef("pk"), version=ALGORITHM_VERSION))
    words = Exists(VisualWords.objects.filter(picture=OuterRef("pk"), version=WORDS_VERSION))
    lacking = ~fingerprint if beside else ~Q(fingerprint, words)
    return Picture.objects.exclude(state__in=_UNSETTLED).exclude(storage_key="").filter(lacking)


def bring_up_to_date(picture: Picture, *, beside: bool = False) -> None:
    """Analyse a picture anew and write the numbers beside those of older versions; its state stays as it is.

    Raises Refused, Conflict when it moved meanwhile, StorageUnavailable, JailUnavailable, ChildKilled.
    """
    analysis = analyse_original(picture)
    stored = []
    if not beside:
        stored = [(each, storage.store_rendition(picture.public_id, each)) for each in analysis.renditions]
        embeddings = embeddings_from(analysis)
    with transaction.atomic():
        locked = lock_pictures(picture.pk)[picture.pk]
        if locked.state in _UNSETTLED or locked.storage_key != picture.storage_key:
            raise Conflict("The picture has moved meanwhile.")
        if beside:
            write_fingerprints(locked, analysis)
        else:
            write_numbers(locked, analysis, stored, embeddings)
        if locked.state == State.LIVE and library_is_measured():
            # Others have searched a library that was called complete, and could not see this one.
            search_again_later(picture.pk, "it was brought up to date late")


def version_of_pass(*, beside: bool) -> str:
    """The name of a pass. One beside that leaves older words behind does not make the library complete."""
    ended = Walk.objects.filter(kind=WalkKind.FINGERPRINTS, state=WalkState.FINISHED)
    if not beside or ended.filter(version__endswith=f".{WORDS_VERSION}").exists():
        return measured_by()
    return f"{measured_by()}, fingerprints alone"


def finish_pass(walk: Walk) -> bool:
    """End a pass. From now on searches count as complete; False when somebody was first or is still at it.

    Under the publication lock: a search that still counts as incomplete is put on the list when its picture is
    published, and one that begins later sees every picture of the pass.
    """
    with transaction.atomic():
        take_publication_lock()
        return finish(walk)


def search_those_published_beside() -> int:
    """Put on the list what the older release published since this one first measured the library.

    Such an upload was held, and had its new numbers already, when the older release published it, which looks by its
    own numbers alone. Belongs after a pass, when the older release has ended. Returns how many were put there.
    """
    passes = Walk.objects.filter(
        kind=WalkKind.FINGERPRINTS, version=measured_by(), state=WalkState.FINISHED
    ).order_by("ended_at")
    first = passes.first()
    if first is None or first.ended_at is None:
        return 0
    older = Fingerprint.objects.filter(picture=OuterRef("pk"), version__lt=ALGORITHM_VERSION)
    published = Picture.objects.live().filter(Exists(older), published_at__gte=first.ended_at)
    rows = [
        PendingSearch(picture_id=pk, why="it was published by the release before")
        for pk in published.values_list("pk", flat=True)
    ]
    PendingSearch.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def note_complete_library() -> None:
    """Where nothing has to be brought up to date, as in an empty library, write down that this is so."""
    if library_is_measured() or outdated().exists():
        return
    Walk.objects.create(
        kind=WalkKind.FINGERPRINTS,
        version=measured_by(),
        state=WalkState.FINISHED,
        until_id=0,
        ended_at=timezone.now(),
    )
