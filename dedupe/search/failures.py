"""What a search can die of."""


class SearchFailed(Exception):
    """A search could not be finished, in time or at all; this is not the same as nothing found."""
