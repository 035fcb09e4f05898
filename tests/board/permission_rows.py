"""Who may ask what of each address: the data of test_permission_table.py, which says how to read and to extend it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

# One letter a role: visitor, other person, owner, reviewer, moderator, operator.
#   o  done or shown (2xx)            s  asked to sign in (302 to the form, 401 in the API)
#   >  led elsewhere (3xx)            f  refused (403)
#   -  not there (404)                g  gone (410)
#   b  says too little (400, 422)     c  something stands in the way (409)
#   x  not a method here (405)        .  anything but a sign-in or a failure of ours
# HEAD is as GET where it is not named; `*` is every method that is not named, and `xxxxxx` where it is missing.
# Names in braces are objects of the `world` fixture; `with` gives the form of a page, the JSON of the API.
TABLE = """
/                                              GET=oooooo
/search                                        GET=sooooo  POST=sbbbbb
/healthz                                       GET=oooooo
/readyz                                        GET=oooooo
/language                                      POST=>>>>>>             with language=de
/words/de.js                                   GET=oooooo
/words/xx.js                                   GET=------
/metrics                                       GET=------
/register                                      GET=o>>>>>  POST=b>>>>>
/sign-in                                       GET=o>>>>>  POST=o>>>>>  PUT=o>>>>>  *=x>>>>>
/sign-out                                      POST=>>>>>>

/pictures/{live}                               GET=oooooo
/pictures/{held}                               GET=--oooo
/pictures/{copy}                               GET=>>>>>>
/pictures/{copy}?stay=1                        GET=>>oooo
/pictures/{taken}                              GET=--gggg
/pictures/{taken}?stay=1                       GET=--oooo
/pictures/nothing                              GET=------
/pictures/{live}/original                      GET=--oooo
/pictures/{held}/original                      GET=--oooo
/pictures/{live}/full                          GET=->>>>>  HEAD=xxxxxx
/pictures/{held}/full                          GET=-->>>>  HEAD=xxxxxx
/pictures/{live}/report                        POST=s>>>>>  *=sxxxxx   with reason=Look
/pictures/{held}/report                        POST=s-cccc  *=sxxxxx   with reason=Look
/pictures/{live}/withdraw                      POST=s->f>>  *=sxxxxx
/pictures/{held}/withdraw                      POST=s->f>>  *=sxxxxx
/pictures/{live}/similar                       GET=oooooo
/pictures/{held}/similar                       GET=------
/pictures/{live}/galleries                     GET=sooooo  POST=s>>>>>  *=sxxxxx   with title=Hills
/pictures/{live}/edit                          GET=s-o-oo  POST=s->->>  *=sxxxxx   with title=Lake
/pictures/{live}/comment                       POST=s>>>>>  *=sxxxxx   with text=Hello
/pictures/{held}/comment                       POST=s-cccc  *=sxxxxx   with text=Hello
/pictures/{live}/favourite                     POST=s>>>>>            with liked=yes
/comments/{comment}/remove                     POST=s->->>  *=sxxxxx
/favourites/                                   GET=sooooo  *=sxxxxx
/notices/                                      GET=sooooo  *=sxxxxx
/notices/{notice}/object                       GET=s-o---  POST=s->---  *=sxxxxx   with words=Look
/people/alice                                  GET=oooooo
/people/nobody                                 GET=------
/galleries/                                    GET=oooooo
/galleries/new                                 GET=sooooo  POST=s>>>>>  *=sxxxxx   with title=Ponds
/galleries/{gallery}                           GET=oooooo
/galleries/{gallery}/change                    GET=sfofff  POST=sf>fff  *=sxxxxx   with title=Ponds
/galleries/{gallery}/delete                    POST=sf>f>>  *=sxxxxx
/galleries/{gallery}/arrange                   GET=sfofff  *=sxxxxx
/galleries/{gallery}/move                      POST=sf>fff  *=sxxxxx   with picture={live} step=1
/galleries/{gallery}/remove                    POST=sf>fff  *=sxxxxx   with picture={live}
/tags/                                         GET=oooooo
/pictures/{live}/matching                      POST=sfff>>  *=sfffxx   with act=block reason=Template
/pictures/{theirs}/merged                      GET=sfffoo  *=sfffxx
/pictures/{held}/merged                        GET=sfff--  *=sfffxx
/pictures/{theirs}/merged/{copy}               GET=sfffoo  POST=sfff>>  *=sfffxx   with reason=Wrong
/pictures/{live}/merged/{copy}                 GET=sfff--  POST=sfff--  *=sfffxx   with reason=Wrong
/renditions/{live_key}                         GET=oooooo
/renditions/{held_key}                         GET=--oooo
/matches/{match}/differences.png               GET=--oooo

/upload                                        GET=sooooo  POST=sbbbbb  *=sxxxxx
/uploads/                                      GET=sooooo  *=sxxxxx
/uploads/{held}                                GET=s-oooo  *=sxxxxx
/uploads/questions                             GET=s>>>>>  *=sxxxxx
/uploads/answered                              GET=sooooo  *=sxxxxx
/uploads/answered/undo                         POST=s-----  *=sxxxxx
/uploads/{held}/later                          POST=s->>>>  *=sxxxxx
/uploads/{held}/answer                         POST=s->>>>  *=sxxxxx   with match={match} verdict=same
/decisions/                                    GET=sooooo  *=sxxxxx
/decisions/{answer}/undo                       POST=s->f>>  *=sxxxxx
/decisions/{removal}/undo                      POST=s-ff>>  *=sxxxxx
/decisions/{answer}/repeat                     POST=s->---  *=sxxxxx
/settings                                      GET=sooooo  POST=sooooo  *=sxxxxx
/settings/tokens/{token}/revoke                POST=s->---  *=sxxxxx
/settings/sign-out-everywhere                  POST=s>>>>>  *=sxxxxx

/review/                                       GET=sffooo  *=sffxxx
/review/{case}                                 GET=sffooo  *=sffxxx
/review/99999999                               GET=sff---  *=sffxxx
/review/{case}/claim                           POST=sff>>>  *=sffxxx
/review/{case}/close                           POST=sff>>>  *=sffxxx   with act=dismiss
/review/{case}/decide                          POST=sffccc  *=sffxxx   with act=all keep={live}
/review/{case}/skip                            POST=sff>>>  *=sffxxx
/review/identical                              GET=sffooo  POST=sff>>>  *=sffxxx
/review/undo                                   POST=sff>>>  *=sffxxx
/stats/                                        GET=sfffoo  *=sfffxx
/audit/                                        GET=sffffo  *=sffffx

/api/v1/                                       GET=------  *=------
/api/v1/nothing                                GET=------  *=------
/api/v1/openapi.json                           GET=oooooo
/api/v1/docs                                   GET=oooooo
/api/v1/precheck                               POST=sooooo             with sha256={checksum}
/api/v1/uploads                                GET=sooooo  HEAD=xxxxxx  POST=sbbbbb
/api/v1/uploads/{held}                         GET=s-oooo  HEAD=xxxxxx  DELETE=s-ofoo
/api/v1/uploads/presign                        POST=sooooo             with type=image/jpeg size=9
/api/v1/uploads/presign                        POST=sbbbbb             with type=text/html size=9
/api/v1/uploads/incoming                       POST=bbbbbb
/api/v1/uploads/by-url                         POST=sooooo             with url=https://lakes.test/lake.jpg
/api/v1/uploads/by-url                         POST=sbbbbb             with url=http://127.0.0.1/lake.jpg
/api/v1/uploads/{held}/complete                POST=s-o---
/api/v1/uploads/nothing                        GET=s-----  HEAD=xxxxxx  DELETE=s-----
/api/v1/uploads/{held}/decision                POST=s-oooo             with match={match} verdict=same
/api/v1/uploads/{held}/decision                POST=s-----             with match=0 verdict=different
/api/v1/decisions                              GET=sooooo  HEAD=xxxxxx
/api/v1/decisions/{answer}                     DELETE=s-ofoo
/api/v1/decisions/{removal}                    DELETE=s-ffoo
/api/v1/decisions/99999999999999999999         DELETE=s-----
/api/v1/pictures                               GET=oooooo  HEAD=xxxxxx
/api/v1/pictures/{live}                        GET=oooooo  HEAD=xxxxxx  PATCH=sfofoo  with title=New
/api/v1/pictures/{copy}                        GET=>>>>>>  HEAD=xxxxxx  PATCH=s-cfcc
/api/v1/pictures/{held}                        GET=------  HEAD=xxxxxx  PATCH=s-ofoo
/api/v1/pictures/{taken}                       GET=--gggg  HEAD=xxxxxx  PATCH=s-cfcc
/api/v1/pictures/{live}/similar                GET=oooooo  HEAD=xxxxxx
/api/v1/pictures/{held}/similar                GET=------  HEAD=xxxxxx
/api/v1/pictures/{live}/report                 POST=sooooo             with reason=Look
/api/v1/pictures/{held}/report                 POST=s-----             with reason=Look
/api/v1/pictures/{live}/matching               POST=sfffoo             with blocked=true reason=Template
/api/v1/pictures/{live}/comments               GET=oooooo  HEAD=xxxxxx  POST=sooooo  with text=Hello
/api/v1/pictures/{held}/comments               GET=--oooo  HEAD=xxxxxx  POST=s-cccc  with text=Hello
/api/v1/comments/{comment}                     DELETE=s-o-oo
/api/v1/pictures/{live}/favourite              POST=sooooo  DELETE=sooooo
/api/v1/pictures/{held}/favourite              POST=s-cccc  DELETE=s-oooo
/api/v1/favourites                             GET=sooooo  HEAD=xxxxxx
/api/v1/notices                                GET=sooooo  HEAD=xxxxxx
/api/v1/notices/read                           POST=sooooo             with ids=[1]
/api/v1/notices/{notice}/objection             POST=s-o---             with reason=Look
/api/v1/galleries                              GET=oooooo  HEAD=xxxxxx  POST=sooooo  with title=Hills
/api/v1/galleries/{gallery}                    GET=oooooo  HEAD=xxxxxx  PATCH=sfofff  DELETE=sfofoo  with title=Ponds
/api/v1/galleries/{gallery}/pictures           POST=sfofff             with picture={live}
/api/v1/galleries/{gallery}/pictures/{live}    DELETE=sfofff
/api/v1/galleries/{gallery}/pictures/{live}/move  POST=sfofff          with place=1
/api/v1/tags?prefix=hi                         GET=oooooo  HEAD=xxxxxx
/api/v1/search                                 POST=sbbbbb
/api/v1/review                                 GET=sffooo  HEAD=xxxxxx
/api/v1/review/{case}/claim                    POST=sffooo
/api/v1/review/{case}/decide                   POST=sffooo             with uphold=true
/api/v1/review/{case}/decide                   POST=sffbbb             with nonsense=1
/api/v1/stats                                  GET=sfffoo  HEAD=xxxxxx

/admin/login/                                  GET=ooooo>  HEAD=oooooo  POST=oooooo  PUT=oooooo
/admin/logout/                                 GET=>>>>>x  POST=>>>>>>  *=>>>>>x
/admin/**                                      GET=sssss.  POST=sssss.
"""


@dataclass(frozen=True)
class Row:
    """A line of the table: letters by method, and what is sent along."""

    address: str
    letters: dict[str, str]
    body: dict[str, str]

    def expected(self, method: str) -> str:
        """Six letters for a method."""
        if method == "HEAD" and "HEAD" not in self.letters and "GET" in self.letters:
            method = "GET"
        return self.letters.get(method, self.letters.get("*", "xxxxxx"))


def rows() -> Iterator[Row]:
    """The lines of the table."""
    for line in filter(str.strip, TABLE.splitlines()):
        cells, _, body = line.partition(" with ")
        address, *letters = cells.split()
        yield Row(address, _pairs(letters), _pairs(body.split()))


def _pairs(words: list[str]) -> dict[str, str]:
    return {name: value for name, _, value in (word.partition("=") for word in words)}
