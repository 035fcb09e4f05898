"""The list of hostile inputs and faults (docs/faults.md), the tests that cover each row, and their outcome."""
