"""The embedded corpora: synthesis, grammar and planted truths."""
