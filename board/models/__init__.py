"""What the site adds to a picture: people, their words, and what they do with pictures."""

from board.models.community import COMMENT_LENGTH, Comment, Favourite, Gallery, GalleryPlace
from board.models.notices import Notice
from board.models.people import ApiToken, User
from board.models.posts import FURTHER_SOURCES, Edit, Post, Tag
from board.models.tallies import Tally

__all__ = [
    "COMMENT_LENGTH",
    "FURTHER_SOURCES",
    "ApiToken",
    "Comment",
    "Edit",
    "Favourite",
    "Gallery",
    "GalleryPlace",
    "Notice",
    "Post",
    "Tag",
    "Tally",
    "User",
]
