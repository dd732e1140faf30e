"""Captions by multimodal models: how they are made, cleaned, and held against the motion."""
