"""What staff edit in the Django admin: people, words and keys; pictures belong to the workflow."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db import models
from django.http import HttpRequest

from board.models import ApiToken, Post, Tag, User

admin.site.site_header = admin.site.site_title = "Doppel"
admin.site.register(User, UserAdmin)


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    search_fields = ("name",)


@admin.register(Post)
class PostAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("picture", "title", "source", "external_id")
    search_fields = ("picture__public_id", "title", "external_id")
    readonly_fields = ("picture",)
    autocomplete_fields = ("tags",)
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_select_related = ("picture",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Keys can be revoked here, never read or made."""

    list_display = ("name", "owner", "hint", "created_at", "last_used_at")
    list_select_related = ("owner",)
    readonly_fields = ("owner", "name", "hint", "created_at", "last_used_at")
    exclude = ("digest",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
