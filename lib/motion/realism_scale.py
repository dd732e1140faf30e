"""The scale of pose realism, log-odds, apart from the networks so that a parameter file is read without torch."""

import math

LEAST, MOST = -math.log(1000), math.log(3)
"""Ends of the scale: odds of 1 to 1,000 and of 3 to 1. Above, a network knows how common a pose is, not how real."""
