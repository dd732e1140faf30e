"""Captions as numbers: sentence vectors, words, parts of speech, the models behind them, the store that keeps them."""
