"""08: how long the clips last."""
