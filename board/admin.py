"""What operators edit in the Django admin: people, words and keys; pictures belong to the workflow."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, Permission
from django.db import models
from django.http import HttpRequest

from board.editing import Words, note_change
from board.models import ApiToken, Comment, Edit, Favourite, Gallery, Notice, Post, Tag, User

admin.site.site_header = admin.site.site_title = "Doppel"


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    """Operators make accounts and give roles: none that may do more than they, and not to people above them."""

    _ABOVE = ("is_superuser", "user_permissions")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        own = tuple(super().get_readonly_fields(request, obj))
        return own if request.user.is_superuser else (*own, *self._ABOVE)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and not request.user.is_superuser:
            more = obj.get_all_permissions() - request.user.get_all_permissions()
            if obj.is_superuser or more:
                return False
        return bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: what people did keeps their name. Whoever is to go is made inactive."""
        return False

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Groups without a permission that this operator lacks."""
        if db_field.name == "groups" and not request.user.is_superuser:
            held = request.user.get_all_permissions()
            lacking = [
                row.pk
                for row in Permission.objects.select_related("content_type")
                if f"{row.content_type.app_label}.{row.codename}" not in held
            ]
            kwargs["queryset"] = Group.objects.exclude(permissions__in=lacking)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


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

    def save_form(self, request: HttpRequest, form: Any, change: Any) -> Any:
        request._words_before = Words.of(Post.objects.get(pk=form.instance.pk))  # type: ignore[attr-defined]
        return super().save_form(request, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """With the tags everything is saved: what changed is kept, as on the page of the picture."""
        super().save_related(request, form, formsets, change)
        before: Words = request._words_before  # type: ignore[attr-defined]
        editor = cast("User", request.user)
        note_change(editor, form.instance, before, Words.of(Post.objects.get(pk=form.instance.pk)))

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


class LookOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What people did themselves, to look at."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class KeptAdmin(LookOnlyAdmin):
    """What nobody may delete, because it says what was done."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Comment)
class CommentAdmin(KeptAdmin):
    """Comments are removed on the picture's page, which keeps who did it."""

    list_display = ("picture", "author", "text", "created_at", "removed_at", "removed_by")
    list_select_related = ("picture", "author", "removed_by")
    search_fields = ("picture__public_id", "author__username", "text")


@admin.register(Favourite)
class FavouriteAdmin(LookOnlyAdmin):
    list_display = ("person", "picture", "created_at")
    list_select_related = ("person", "picture")
    search_fields = ("picture__public_id", "person__username")


@admin.register(Gallery)
class GalleryAdmin(LookOnlyAdmin):
    list_display = ("title", "owner", "created_at")
    list_select_related = ("owner",)
    search_fields = ("title", "owner__username")


@admin.register(Notice)
class NoticeAdmin(KeptAdmin):
    list_display = ("person", "picture", "decision", "created_at", "read_at")
    list_select_related = ("person", "picture", "decision")
    search_fields = ("picture__public_id", "person__username")


@admin.register(Edit)
class EditAdmin(KeptAdmin):
    list_display = ("post", "editor", "before", "after", "created_at")
    list_select_related = ("post__picture", "editor")
    search_fields = ("post__picture__public_id", "editor__username")
