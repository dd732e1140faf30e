"""Captions as numbers: sentence vectors, words and parts of speech, and the store that keeps what was computed."""
