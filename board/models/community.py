"""What people do with pictures: comment on them, keep them as favourites, put them into galleries."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from dedupe.models import Picture

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


class Gallery(models.Model):
    """Pictures that a person has put into an order, under a name. Everybody may look."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="galleries")
    title = models.CharField(max_length=120)
    description = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    pictures = models.ManyToManyField(Picture, through="GalleryPlace", related_name="galleries")

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "galleries"
        constraints = [
            models.UniqueConstraint("owner", Lower("title"), name="one_gallery_of_a_title_per_person")
        ]

    def __str__(self) -> str:
        return self.title


class GalleryPlace(models.Model):
    """Where a picture stands in a gallery: lower positions come first, equal ones in the order of their ids."""

    gallery = models.ForeignKey(Gallery, models.CASCADE, related_name="places")
    picture = models.ForeignKey(Picture, models.CASCADE, related_name="gallery_places")
    position = models.IntegerField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["gallery", "picture"], name="a_picture_once_in_a_gallery")
        ]

    def __str__(self) -> str:
        return f"{self.picture_id} in {self.gallery_id} at {self.position}"
