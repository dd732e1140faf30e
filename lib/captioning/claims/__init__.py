"""What captions claim, read by spaCy and held against the joints: ``check`` judges, ``precision`` sums up."""

from lib.captioning.claims.checked import Checked, check, precision, precision_of
from lib.captioning.claims.corpus_claims import check_corpus

__all__ = ["Checked", "check", "check_corpus", "precision", "precision_of"]
