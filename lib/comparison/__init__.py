"""Two runs side by side: which values moved against their intervals, and which inputs changed."""

from lib.comparison.comparison import Comparison, compare

__all__ = ["Comparison", "compare"]
