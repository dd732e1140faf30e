"""Two synthetic corpora with planted truths, which the ordinary loaders read."""

from lib.demo.corpora.build import build

__all__ = ["build"]
