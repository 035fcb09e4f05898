"""The Django admin shows everything and changes nothing: the workflow is the only door for writes."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from dedupe.models import (
    Case,
    Decision,
    Delivery,
    Embedding,
    Fingerprint,
    LedgerEntry,
    Match,
    PendingSearch,
    Picture,
    Power,
    Rendition,
    Walk,
)
from dedupe.permissions import may


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Looks, never touches: a change here would leave no decision and no ledger behind."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may(request.user, Power.OPERATE)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


class ReadOnlyInline(admin.TabularInline):  # type: ignore[type-arg]
    """Rows of another table beside their picture or decision, to look at."""

    extra = 0
    can_delete = False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True


class RenditionInline(ReadOnlyInline):
    """The images made of a picture."""

    model = Rendition


class LedgerInline(ReadOnlyInline):
    """What a decision changed."""

    model = LedgerEntry


@admin.register(Picture)
class PictureAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "state", "owner", "format", "width", "height", "size_bytes", "created_at")
    list_filter = ("state", "check_outcome", "format", "damaged")
    search_fields = ("public_id", "checksum", "owner__username")
    list_select_related = ("owner",)
    inlines = (RenditionInline,)


@admin.register(Match)
class MatchAdmin(ReadOnlyAdmin):
    list_display = ("id", "query", "candidate", "relation", "probability", "distance", "verdict", "asked_at")
    list_filter = ("verdict", "relation", "confident")
    search_fields = ("query__public_id", "candidate__public_id")
    list_select_related = ("query", "candidate")


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ("id", "kind", "verdict", "picture", "actor", "role", "reason", "created_at")
    list_filter = ("kind", "verdict", "role")
    search_fields = ("picture__public_id", "actor__username")
    list_select_related = ("picture", "actor")
    inlines = (LedgerInline,)


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    list_display = ("id", "kind", "state", "picture", "opened_by", "claimed_by", "created_at", "closed_at")
    list_filter = ("kind", "state")
    search_fields = ("picture__public_id", "opened_by__username")
    list_select_related = ("picture", "opened_by", "claimed_by")


@admin.register(Fingerprint)
class FingerprintAdmin(ReadOnlyAdmin):
    list_display = (
        "picture",
        "version",
        "treatment",
        "intensity",
        "aspect",
        "detail",
        "low_detail",
        "searchable",
    )
    list_filter = ("version", "searchable", "low_detail")
    search_fields = ("picture__public_id",)
    list_select_related = ("picture",)
    exclude = ("dct_hash", "luma")


@admin.register(Embedding)
class EmbeddingAdmin(ReadOnlyAdmin):
    list_display = ("picture", "name", "version", "searchable", "sketch")
    list_filter = ("name", "version", "searchable")
    search_fields = ("picture__public_id",)
    list_select_related = ("picture",)
    exclude = ("data",)


@admin.register(Walk)
class WalkAdmin(ReadOnlyAdmin):
    list_display = (
        "id",
        "kind",
        "version",
        "state",
        "done",
        "total",
        "found",
        "failed",
        "started_at",
        "ended_at",
    )
    list_filter = ("kind", "state")


@admin.register(PendingSearch)
class PendingSearchAdmin(ReadOnlyAdmin):
    list_display = ("picture", "why", "since", "tried_at")
    search_fields = ("picture__public_id", "why")
    list_select_related = ("picture",)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "owner", "picture", "address", "size_bytes", "attempts", "created_at")
    search_fields = ("public_id", "owner__username")
    list_select_related = ("owner", "picture")
