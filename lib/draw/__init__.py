"""Style, tables, strips, players and interactive pieces: everything that is seen."""
