"""How a run ends before its time."""

from pathlib import Path


class RunError(Exception):
    """Something that the reader must know and that ends the run; its text is a sentence in plain words."""

    def __init__(self, sentence: str, log: Path | None = None) -> None:
        super().__init__(sentence)
        self.log = log


class StoppedError(Exception):
    """The reader asked us to stop while we were still starting."""
