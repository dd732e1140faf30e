"""Alternative texts and findings of the comparison of captioners."""
