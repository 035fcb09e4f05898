"""What those hear who asked too much, by group. Apart from the rates, which the settings read before they are whole."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_noop

from board.limits.groups import Group

WORDS: Mapping[Group, str] = {
    Group.UPLOADS: gettext_noop("You have sent many pictures in a short time."),
    Group.SEARCH: gettext_noop(
        "You have searched many times in a short time, and each search takes us some work."
    ),
    Group.SIMILAR: gettext_noop(
        "You have looked for similar pictures many times in a short time, and each look takes us some work."
    ),
    Group.PRECHECK: gettext_noop("You have asked about many files in a short time."),
    Group.SIGN_IN: gettext_noop("There were many attempts to sign in from here in a short time."),
    Group.REGISTER: gettext_noop("Many accounts were registered from here in a short time."),
    Group.COMMENTS: gettext_noop("You have written many comments in a short time."),
    Group.COPIES: gettext_noop("You have looked closely at many pictures in a short time."),
    Group.IMAGES: gettext_noop("You have fetched very many pictures in a short time."),
    Group.EVERYTHING: gettext_noop("You have asked for very much in a short time."),
}
