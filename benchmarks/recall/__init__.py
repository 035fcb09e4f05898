"""Recall of the product and of its peers on the family of edits, in one run on the same files.

    python -m benchmarks.recall FOLDER... [--graphics FOLDER...] [--stored FOLDER...]

`sample` chooses the files, `peers` holds the other methods, `trials` makes and asks, `score` counts and prints.
"""
