"""Notebooks opened in Jupyter: on which profile they run, what they lack, and how a change is written back."""
