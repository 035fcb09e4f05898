"""The real servers that tests talk to: Postgres, Valkey, S3, our own worker and web processes, a browser.

`addresses` reserves ports and passwords before anything runs, so that settings can name them; `desk` starts a
server when the first test asks for it, once for all pytest processes; `fixtures` is what tests use.
"""
