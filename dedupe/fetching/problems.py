"""Why nothing was fetched, in machine words and in the words of whoever gave the address."""

from __future__ import annotations

from enum import StrEnum


class Unfetched(StrEnum):
    """Reason for which an address gave no picture.

    A name that does not exist and one that leads inside are one reason: which names exist inside is nobody's business.
    """

    NOT_AN_ADDRESS = "not_an_address"
    WITH_PASSWORD = "address_with_password"  # noqa: S105  a reason, not a password
    OTHER_PORT = "address_with_port"
    NOT_PUBLIC = "address_not_public"
    NO_ANSWER = "address_without_answer"
    TOO_SLOW = "address_too_slow"
    TOO_MANY_REDIRECTS = "address_in_circles"
    NOT_THERE = "address_not_there"
    NOT_GIVEN = "address_not_given"
    NO_PICTURE = "address_of_no_picture"

    @property
    def message(self) -> str:
        """One sentence: what is wrong and what to do."""
        return _MESSAGES[self]


def _(sentence: str) -> str:
    """Marks a sentence for the catalogues of languages; whoever shows it translates it."""
    return sentence


_MESSAGES = {
    Unfetched.NOT_AN_ADDRESS: _(
        "This is not the address of a picture on the web: one begins with http:// or https://."
    ),
    Unfetched.WITH_PASSWORD: _(
        "This address has a name or a password in it: please give one that everybody can open."
    ),
    Unfetched.OTHER_PORT: _(
        "This address names a port that we do not fetch from: please save the picture and upload the file."
    ),
    Unfetched.NOT_PUBLIC: _(
        "There is no site of this name on the public web: please check the address, or save the picture and upload "
        "the file."
    ),
    Unfetched.NO_ANSWER: _(
        "The site did not answer: please try again later, or save the picture and upload the file."
    ),
    Unfetched.TOO_SLOW: _("The site was too slow for us: please save the picture and upload the file."),
    Unfetched.TOO_MANY_REDIRECTS: _(
        "This address leads on and on: please open the picture by itself and copy its address."
    ),
    Unfetched.NOT_THERE: _("The site has nothing at this address: please check it."),
    Unfetched.NOT_GIVEN: _(
        "The site did not give us the picture: please save it yourself and upload the file."
    ),
    Unfetched.NO_PICTURE: _(
        "There is no picture at this address, perhaps a page that shows one: please open the picture by itself and "
        "copy its address."
    ),
}


class NotFetched(Exception):
    """An address gave nothing. ``detail`` adds the fact for logs and for staff; it quotes nothing that was fetched."""

    def __init__(self, reason: Unfetched, detail: str = "") -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail
