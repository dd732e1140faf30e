"""What everything may import: errors, paths, files that are written whole, hashes, locks."""
