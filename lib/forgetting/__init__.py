"""Consent withdrawn later: clips removed from all that was made of them, and a list of what is out of reach."""
