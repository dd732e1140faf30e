"""Measures with their uncertainty: FID, retrieval, vocabulary, action distributions, and the rules of a decision."""
