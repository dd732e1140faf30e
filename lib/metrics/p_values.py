"""p values as text, so that none reads as zero."""


def p_text(p: float) -> str:
    """A p value as prose writes it.

    Example:
        >>> p_text(0.0321), p_text(0.00001)
        ('p = 0.032', 'p < 0.001')
    """
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p == p else "p = –"
