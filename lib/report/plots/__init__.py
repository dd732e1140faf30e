"""Figures of the notebooks, one module a notebook; each returns a matplotlib figure and leaves saving to the run."""
