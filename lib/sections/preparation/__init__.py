"""00: size, variety and quality of the datasets."""
