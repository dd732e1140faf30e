"""04: how text and motion sit in TMR's space."""
