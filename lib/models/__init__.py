"""Models that are trained here or opened from a folder, and what they make of a corpus."""
