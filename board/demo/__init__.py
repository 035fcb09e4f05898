"""Pictures made in code, and a small history among them, so that a new board has something to show."""
