"""What a rule may read, the shape of its answer, and the bounds that several rules share."""
