"""Audits of a dataset: what leaks from train to test, what repeats, and which test clips are clean.

Every audit has the shape of cleanlab's Datalab: a table with one row and its flags per clip, a `summary` of counts,
and `info` that says how the flags were made.
"""
