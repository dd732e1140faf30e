"""Redaction: what must not leave a private corpus, and the one rule that keeps it in."""

from lib.run.redaction.phrases import Phrases, normal
from lib.run.redaction.redaction import Redaction
from lib.run.redaction.secrets import Secrets

__all__ = ["Phrases", "Redaction", "Secrets", "normal"]
