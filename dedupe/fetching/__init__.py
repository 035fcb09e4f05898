"""A client for addresses that strangers give us: it reaches the public web and nothing else, within bounds.

``fetch`` is all that the rest needs. Whatever goes wrong is a NotFetched, with words for whoever gave the address.
"""

from dedupe.fetching.client import Guard, fetch
from dedupe.fetching.problems import NotFetched, Unfetched
from dedupe.fetching.targets import check_address

__all__ = ["Guard", "NotFetched", "Unfetched", "check_address", "fetch"]
