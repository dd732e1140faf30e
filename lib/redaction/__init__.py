"""Redaction: what must not leave a private corpus, and the one rule that keeps it in."""

from lib.redaction.phrases import Phrases, normal
from lib.redaction.redaction import WITHHELD, Redaction
from lib.redaction.secrets import COMMON, Secrets

__all__ = ["COMMON", "WITHHELD", "Phrases", "Redaction", "Secrets", "normal"]
