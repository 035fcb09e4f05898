"""What the site may listen to. Receivers run inside the transaction of the change.

``picture_submitted`` (picture, details): an upload was stored; ``details`` is what the site passed along.
``picture_moved`` (picture, before, after, decision): a picture changed its state; ``decision`` may be None.
``picture_merged`` (old, new, decision): a published picture was withdrawn in favour of another one.
``picture_superseded`` (old, new, decision): a better copy took the place and the address of ``old``.
``entry_undone`` (entry): a ledger entry that the site wrote is to be taken back.
``case_opened`` and ``case_closed`` (case).
"""

from django.dispatch import Signal

picture_submitted = Signal()
picture_moved = Signal()
picture_merged = Signal()
picture_superseded = Signal()
entry_undone = Signal()
case_opened = Signal()
case_closed = Signal()
