"""Evidence about text-to-motion datasets: corpora, motion, text, audits, metrics and the report made of them."""

__version__ = "0.1.0"
