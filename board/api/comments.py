"""Comments below pictures: read, write, remove."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Status

from board import comments
from board.api import addresses, lookups
from board.api.authentication import everybody, person, signed_in
from board.api.problems import Problem, not_found
from board.api.schemas.people import CommentList, CommentOut, Saying
from board.models import Comment
from dedupe.models import Picture

router = Router(tags=["pictures"], auth=signed_in)


def _comment_out(request: HttpRequest, comment: Comment, picture: Picture) -> CommentOut:
    return CommentOut(
        id=comment.pk,
        picture=picture.public_id,
        author=comment.author.get_username(),
        text=comment.text,
        created_at=comment.created_at,
        removable=comments.may_remove(request.user, comment),
    )


@router.get(
    "pictures/{picture_id}/comments",
    response=CommentList,
    auth=everybody,
    summary="Comments below a picture, oldest first",
)
def list_comments(request: HttpRequest, picture_id: str, after: int | None = None) -> CommentList:
    """Those behind the comment of the number ``after``. Page by following ``next``."""
    picture = lookups.picture_named(Picture.objects.visible_to(request.user), picture_id)
    found = comments.comments_below(picture)
    if after is not None:
        anchor = Comment.objects.filter(picture=picture, pk=after).first()
        if anchor is None:
            raise not_found("comment to go on from")
        found = found.filter(comments.later_than(anchor))
    page, last = lookups.page_of(found)
    return CommentList(
        items=[_comment_out(request, each, picture) for each in page],
        next=addresses.next_page(request, None if last is None else last.pk, "after"),
    )


@router.post("pictures/{picture_id}/comments", response={201: CommentOut}, summary="Comment on a picture")
def write(request: HttpRequest, picture_id: str, body: Saying) -> Status[CommentOut]:
    """Below a published picture; 429 when you have written too much in a short time."""
    picture = lookups.picture_named(Picture.objects.visible_to(request.user), picture_id)
    try:
        comment = comments.write_comment(person(request), picture, body.text)
    except comments.Unfit as error:
        raise Problem(422, str(error)) from error
    return Status(201, _comment_out(request, comment, picture))


@router.delete("comments/{int:comment_id}", response={204: None}, summary="Remove a comment")
def remove(request: HttpRequest, comment_id: int) -> Status[None]:
    """One's own, or anybody's as staff; to others it does not exist."""
    comment = Comment.objects.filter(pk=comment_id).first()
    if comment is None or not comments.may_remove(request.user, comment):
        raise not_found("comment")
    comments.remove_comment(person(request), comment)
    return Status(204, None)
