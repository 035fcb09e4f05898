"""The catalogues of words: gathered from the sources, merged into each language, and compiled."""
