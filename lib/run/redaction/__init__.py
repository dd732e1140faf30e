"""Redaction: what must not leave a private corpus, and the one rule that keeps it in."""

from lib.run.redaction.phrases import Phrases, normal
from lib.run.redaction.redaction import WITHHELD, Redaction
from lib.run.redaction.secrets import COMMON, Secrets

__all__ = ["COMMON", "WITHHELD", "Phrases", "Redaction", "Secrets", "normal"]
