"""What people may be allowed to do beyond their own pictures: Django permissions, given to people by groups."""

from __future__ import annotations

from enum import StrEnum


class Power(StrEnum):
    """A permission, as ``user.has_perm`` takes it."""

    REVIEW = "dedupe.review_cases"
    REMOVE = "dedupe.remove_pictures"
    UNDO_OTHERS = "dedupe.undo_others"
    BLOCK_HUBS = "dedupe.block_hubs"
    SEE_STATISTICS = "dedupe.see_statistics"
    OPERATE = "dedupe.operate"

    @property
    def codename(self) -> str:
        """Its name within the app, as ``Meta.permissions`` takes it."""
        return self.value.partition(".")[2]


PICTURE_POWERS = (
    (Power.REMOVE.codename, "Can remove other people's pictures"),
    (Power.BLOCK_HUBS.codename, "Can block a picture from being matched"),
    (Power.OPERATE.codename, "Can look at every row in the admin"),
)
CASE_POWERS = ((Power.REVIEW.codename, "Can see and decide the cases of the review queue"),)
DECISION_POWERS = (
    (Power.UNDO_OTHERS.codename, "Can undo other people's decisions"),
    (Power.SEE_STATISTICS.codename, "Can see the statistics of decisions"),
)


def holds(user: object, power: Power) -> bool:
    """Whether this person, or visitor, has a power. Superusers have all of them, people who left none."""
    asked = getattr(user, "has_perm", None)
    return bool(asked is not None and asked(power.value))
