"""07: the generated motions themselves, and whether any is a copy."""
