"""How much one person, or one address, may ask in a while: a table of routes, groups with rates, counters in Redis."""
