"""Measures with their uncertainty: intervals, vocabulary, action distributions."""
