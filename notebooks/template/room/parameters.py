"""The block ``lengths`` of a parameter file."""

from lib.base.parameters import Section, Share


class Lengths(Section):
    """08: how long clips last."""

    quantile: Share = 0.9
