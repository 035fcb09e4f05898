"""Stops our real processes before a named step of their work, so that a test can break something at that moment.

The processes of a site whose settings are ``tests.integration.gated_settings`` look for a file before each step. Where
a test has put one, the process says that it is there and waits until the test lets it go on.
"""
