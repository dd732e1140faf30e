"""Pieces of a page that answer to a reader: a map of captions, a threshold, a tree to cut, tables to sort."""
