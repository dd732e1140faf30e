"""Data of one's own: checked, started from an example, or made from BVH files."""
