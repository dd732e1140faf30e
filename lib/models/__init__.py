"""Pretrained models: where they come from, and the hashes without which none is used."""
