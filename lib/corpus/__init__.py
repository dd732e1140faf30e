"""Datasets of motions and captions, read the same way whatever their layout."""

from lib.corpus.corpus import Corpus, Provenance
from lib.corpus.load import KINDS, load

__all__ = ["KINDS", "Corpus", "Provenance", "load"]
