"""Published pictures: list, read, change what they say, look for similar ones, report."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Query, Router, Status

from board.api import addresses, describing, lookups
from board.api.authentication import everybody, only_with, person, signed_in
from board.api.problems import Problem, not_found
from board.api.schemas.people import NewWords, WordsOut
from board.api.schemas.requests import Limit, Matching, PictureFilter, Report
from board.api.schemas.responses import Decided, PictureList, PictureOut, Redirect, Reported, SearchOut
from board.api.search import search_out
from board.editing import Change, Words, edit_post
from board.models import Post, Tag
from board.searching import nearest_to_picture
from dedupe import workflow
from dedupe.models import Picture, Power
from dedupe.visibility import Sight, sight_of

router = Router(tags=["pictures"], auth=everybody)


@router.get("pictures", response=PictureList, summary="Published pictures, newest first")
def list_pictures(request: HttpRequest, filters: Query[PictureFilter]) -> PictureList:
    """Narrowed by a tag or by an external id, that of a copy that leads here too. Page by following ``next``."""
    pictures = describing.with_words(Picture.objects.live()).order_by("-published_at", "-id")
    if filters.tag:
        pictures = pictures.filter(post__tags__name__in=Tag.names_in(f"{filters.tag},"))
    if filters.external_id:
        named = Picture.objects.filter(post__external_id=filters.external_id)
        pictures = pictures.filter(Q(pk__in=named) | Q(pk__in=named.values("duplicate_of")))
    if filters.before is not None:
        pictures = _older_than(pictures, filters.before)
    page, last = lookups.page_of(pictures)
    return PictureList(
        items=[describing.brief(request, each) for each in page],
        next=addresses.next_page(request, None if last is None else last.public_id),
    )


def _older_than(pictures: QuerySet[Picture], public_id: str) -> QuerySet[Picture]:
    """Those after this picture in the order of the list; it need not be live any more."""
    once_live = Picture.objects.filter(published_at__isnull=False)
    end = lookups.picture_named(once_live, public_id, "picture to go on from")
    return pictures.filter(published_at__lte=end.published_at).exclude(
        Q(published_at=end.published_at, pk__gte=end.pk)
    )


@router.get(
    "pictures/{picture_id}",
    response={200: PictureOut, 301: Redirect},
    summary="A published picture, or where it went",
    url_name="picture",
)
def read(request: HttpRequest, picture_id: str) -> PictureOut | HttpResponse:
    """301 leads to the canonical picture; 410 means that it was published once and has been taken down."""
    pictures = describing.with_words(Picture.objects.all()).select_related("post", "owner", "duplicate_of")
    picture = lookups.picture_named(pictures, picture_id)
    sight = sight_of(request.user, picture)
    if sight is Sight.PUBLISHED:
        return describing.whole(request, picture)
    if sight is Sight.LEADS_ON:
        assert picture.duplicate_of is not None
        return _redirect(picture, picture.duplicate_of)
    if sight is Sight.GONE:
        raise Problem(410, "This picture has been taken down.")
    raise not_found(
        "picture"
    )  # also for its uploader: what is not published is an upload, at its own address


def _redirect(picture: Picture, canonical: Picture) -> HttpResponse:
    body = {"id": picture.public_id, "duplicate_of": canonical.public_id}
    response = JsonResponse(body, status=301)
    response["Location"] = addresses.picture_path(canonical)
    response["Cache-Control"] = "no-cache"  # else an undo would not reach those who have followed it
    return response


@router.patch(
    "pictures/{picture_id}", response=WordsOut, auth=signed_in, summary="Change title, tags or source"
)
def edit(request: HttpRequest, picture_id: str, body: NewWords) -> WordsOut:
    """For its uploader and staff, who both see every change. With ``version`` nothing unseen is overwritten."""
    picture = lookups.picture_named(Picture.objects.visible_to(request.user), picture_id)
    tags = None if body.tags is None else tuple(_names(body.tags))
    done = edit_post(
        person(request), picture, Change(body.title, body.source, tags), body.version, body.reason
    )
    words = Words.of(Post.objects.prefetch_related("tags").get(picture=picture))
    return WordsOut(
        id=picture.public_id,
        title=words.title,
        tags=list(words.tags),
        source=words.source,
        version=words.version,
        changed=done is not None,
    )


def _names(given: list[str]) -> list[str]:
    """Each of the given tags as tags are written; a comma separates here too."""
    return [name for each in given for name in Tag.names_in(f"{each},")]


@router.get("pictures/{picture_id}/similar", response=SearchOut, summary="The nearest published pictures")
def similar(request: HttpRequest, picture_id: str, limit: Limit = 10) -> SearchOut:
    """Found by the same query as an upload's look-alikes, with their distances; without the picture itself."""
    picture = lookups.picture_named(Picture.objects.live(), picture_id)
    nearest = nearest_to_picture(picture, limit)
    if nearest is None:
        raise Problem(503, "This picture has not been measured yet. Please try again later.")
    return search_out(request, nearest)


@router.post(
    "pictures/{picture_id}/report",
    response={201: Reported},
    auth=signed_in,
    summary="Tell staff about a picture",
)
def report(request: HttpRequest, picture_id: str, body: Report) -> Status[Reported]:
    """Mostly that it repeats another one: then name that one too."""
    live = Picture.objects.live()
    picture = lookups.picture_named(live, picture_id)
    other = (
        None if body.duplicate_of is None else lookups.picture_named(live, body.duplicate_of, "other picture")
    )
    case = workflow.report_picture(person(request), picture, body.reason, other)
    return Status(201, Reported(case=case.pk))


@router.post(
    "pictures/{picture_id}/matching",
    response=Decided,
    auth=only_with(Power.BLOCK_HUBS),
    summary="Take a picture out of matching, or let it be matched again",
)
def matching(request: HttpRequest, picture_id: str, body: Matching) -> Decided:
    """For hubs, which many different pictures look like. Only identical bytes still lead to a blocked one."""
    picture = lookups.picture_named(Picture.objects.live(), picture_id)
    act = workflow.block_from_matching if body.blocked else workflow.let_match_again
    return describing.decided(request, act(person(request), picture, body.reason))
