"""05: semantic clusters of the clips, and the weights that training draws with."""
