"""What the people of the survey preferred: shares, ranks, abilities, agreement."""
