"""Measures that only the comparison of captioners uses."""
