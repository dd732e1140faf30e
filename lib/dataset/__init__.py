"""The curated training set of a profile as a folder of files that other people's loaders read."""
