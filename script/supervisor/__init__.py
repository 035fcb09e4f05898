"""Runs the whole site on one laptop: embedded Postgres and Valkey, web, worker and beat under one parent.

The modules, from the ground up: `accounts` (whom Postgres runs as), `places` (folders and secrets), `ports`,
`guardian` (kills what an accident leaves), `processes` (one child), `postgres`, `valkey`, `site` (our own
processes), `terminal` (what the reader sees), `readiness`, `supervision` (restarts), `lock`, `running` (the
order of it all).
"""
