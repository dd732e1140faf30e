"""Two synthetic corpora with planted truths, which the ordinary loaders read."""

from lib.corpus.demo.build import build

__all__ = ["build"]
