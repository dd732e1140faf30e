"""One room a notebook; no room imports another."""
