"""Motions as public generators write them, read without running what a file holds, and laid out as generations."""
