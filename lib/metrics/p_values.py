"""p values as text, so that none reads as zero."""

import pandas as pd


def p_text(p: float) -> str:
    """A p value as prose writes it.

    Example:
        >>> p_text(0.0321), p_text(0.00001)
        ('p = 0.032', 'p < 0.001')
    """
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p == p else "p = –"


def readable(table: pd.DataFrame | None) -> pd.DataFrame | None:
    """A table whose p values are text, so that none reads as zero.

    Example:
        >>> readable(pd.DataFrame({"p": [0.25, 1e-9]}))["p"].tolist()
        ['0.250', '< 0.001']
    """
    if table is None:
        return None
    columns = [name for name in ("p", "p_holm") if name in table]
    return table.assign(**{name: [p_text(p)[2:].removeprefix("= ") for p in table[name]] for name in columns})
