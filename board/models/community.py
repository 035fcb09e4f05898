"""What people do with pictures: comment on them, keep them as favourites, put them into galleries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, Func, OuterRef, Q, Subquery
from django.db.models.functions import Lower
from django.utils import timezone

from dedupe.models import Picture, State

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

COMMENT_LENGTH = 2000


class Comment(models.Model):
    """What a person says below a picture. A removed one keeps its row and loses its place on the page."""

    picture = models.ForeignKey(Picture, models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="comments")
    text = models.CharField(max_length=COMMENT_LENGTH)
    created_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="removed_comments"
    )

    class Meta:
        ordering = ["created_at", "id"]
        permissions = [("remove_comments", "Can remove other people's comments")]
        indexes = [models.Index(fields=["picture", "created_at"], name="comments_below_a_picture")]

    def __str__(self) -> str:
        return self.text[:60]


class Favourite(models.Model):
    """A picture that a person likes to find again."""

    picture = models.ForeignKey(Picture, models.CASCADE, related_name="favourites")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="favourites")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["person", "picture"], name="a_favourite_once")]

    def __str__(self) -> str:
        return f"{self.person_id} likes {self.picture_id}"


class GalleryQuerySet(models.QuerySet["Gallery"]):
    """Galleries, with what of them may be seen."""

    def listed_for(self, viewer: AbstractBaseUser | AnonymousUser) -> GalleryQuerySet:
        """Those that show something, and one's own."""
        return self.filter(Exists(_shown_places()) | Q(owner=viewer.pk))

    def with_extent(self) -> GalleryQuerySet:
        """Each with ``how_many`` published pictures it shows, and ``cover_id``, the first of them or None."""
        places = _shown_places()
        how_many = Func(
            ArraySubquery(places.values("pk")), function="CARDINALITY", output_field=models.IntegerField()
        )
        return self.annotate(how_many=how_many, cover_id=Subquery(places.values("picture")[:1]))


class Gallery(models.Model):
    """Pictures that a person has put into an order, under a name. Everybody may look."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="galleries")
    title = models.CharField(max_length=120)
    description = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    pictures = models.ManyToManyField(Picture, through="GalleryPlace", related_name="galleries")

    objects = GalleryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "galleries"
        constraints = [
            models.UniqueConstraint("owner", Lower("title"), name="one_gallery_of_a_title_per_person")
        ]

    def __str__(self) -> str:
        return self.title


class GalleryPlaceQuerySet(models.QuerySet["GalleryPlace"]):
    """Places in galleries."""

    def shown(self) -> GalleryPlaceQuerySet:
        """Those whose picture everybody may see; the others keep their place for when it comes back."""
        return self.filter(picture__state=State.LIVE)

    def behind(self, place: GalleryPlace) -> GalleryPlaceQuerySet:
        """Those that come after this one in the order of a gallery."""
        later = Q(position__gt=place.position) | Q(position=place.position, pk__gt=place.pk)
        return self.filter(later)


def _shown_places() -> GalleryPlaceQuerySet:
    """The places that a gallery shows, for a query of galleries around it."""
    places = GalleryPlace.objects.filter(gallery=OuterRef("pk"))
    return places.shown().order_by("position", "pk")


class GalleryPlace(models.Model):
    """Where a picture stands in a gallery: lower positions come first, equal ones in the order of their ids."""

    gallery = models.ForeignKey(Gallery, models.CASCADE, related_name="places")
    picture = models.ForeignKey(Picture, models.CASCADE, related_name="gallery_places")
    position = models.IntegerField()

    objects = GalleryPlaceQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["gallery", "picture"], name="a_picture_once_in_a_gallery")
        ]

    def __str__(self) -> str:
        return f"{self.picture_id} in {self.gallery_id} at {self.position}"
