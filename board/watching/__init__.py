"""How the people who run the site see what it does: one id a request, lines of the log, and numbers for Prometheus."""
