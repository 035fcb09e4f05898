"""How long the whole answer takes: analyse, search, compare, with many pictures stored."""
