"""What captions claim, read by spaCy and held against the joints: ``check`` judges, ``precision`` sums up."""

from lib.captioning.claims.checked import Checked, check, precision, precision_of

__all__ = ["Checked", "check", "precision", "precision_of"]
