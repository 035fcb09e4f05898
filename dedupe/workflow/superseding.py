"""One picture in place of another: a copy that leads to the one we have, a better one that takes the older one's place.

Whatever hangs on the picture that goes is the site's to move (``picture_merged``, ``picture_superseded``).
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from dedupe.errors import Conflict
from dedupe.models import CheckOutcome, Decision, OnDrift, Picture, State
from dedupe.models.pictures import new_public_id
from dedupe.signals import picture_merged, picture_superseded
from dedupe.workflow.ledger import change, move
from dedupe.workflow.publication import publish, take_publication_lock


def redirect(copy: Picture, kept: Picture, decision: Decision) -> None:
    """Withdraw a locked picture in favour of a live one; what led to it leads there too, in one hop.

    A published copy is merged: the one that stays keeps the earlier date. Raises Conflict.
    """
    check_is_live(kept)
    was_published = copy.state == State.LIVE
    _lead_to(kept, copy, decision)
    move(copy, State.WITHDRAWN, decision, duplicate_of_id=kept.pk)
    if not was_published:
        return
    assert copy.published_at is not None
    assert kept.published_at is not None
    if copy.published_at < kept.published_at:
        change(decision, kept, OnDrift.SKIP, published_at=copy.published_at)
    picture_merged.send(Picture, old=copy, new=kept, decision=decision)


def accept_better(decision: Decision, better: Picture, older: Picture) -> None:
    """Publish the better copy at the older one's address and date; the older one is withdrawn under the other address.

    Both are locked. Raises Conflict when one of them is not where the proposal found it.
    """
    if better.state != State.HELD or older.state != State.LIVE:
        raise Conflict(_("One of the two pictures is not where the proposal found it."))
    take_publication_lock()
    _lead_to(better, older, decision)
    address, spare = older.public_id, better.public_id
    # Over a third name: no two pictures have one address at any moment, nor when the steps are taken back in turn.
    move(older, State.WITHDRAWN, decision, duplicate_of_id=better.pk)
    change(decision, older, public_id=new_public_id())
    publish(better, decision, CheckOutcome.MATCHES, since=older.published_at)
    change(decision, better, public_id=address)
    change(decision, older, public_id=spare)
    picture_superseded.send(Picture, old=older, new=better, decision=decision)


def check_is_live(other: Picture) -> None:
    """Raises Conflict when a picture that something should lead to has gone."""
    if other.state != State.LIVE:
        raise Conflict(
            _("The picture that it looked like has gone in the meantime. We compare again in a moment.")
        )


def _lead_to(kept: Picture, gone: Picture, decision: Decision) -> None:
    for earlier in gone.redirects_here.order_by("pk"):
        change(decision, earlier, OnDrift.SKIP, duplicate_of_id=kept.pk)
