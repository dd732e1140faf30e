"""Names of captioners, models and subsets, and cosines, as parts of the names of values, which a page can quote."""

import re
import unicodedata
from collections.abc import Iterable


def slug(name: str) -> str:
    """One name in small ASCII letters, digits and single underscores, a letter first.

    Example:
        >>> slug("Gemini 1.5"), slug("h3d+dm weighted"), slug("Modèle"), slug("4D"), slug("通义")
        ('gemini_1_5', 'h3d_dm_weighted', 'modele', 'x_4d', 'x')
    """
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    found = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return found if found[:1].isalpha() else f"x_{found}".rstrip("_")


def slugs(names: Iterable[str]) -> dict[str, str]:
    """A slug of its own for each name: of those that would share one, the second gets ``_2``, and so on.

    Example:
        >>> slugs(["VL 7", "VL-7", "通义 VL 7"])
        {'VL 7': 'vl_7', 'VL-7': 'vl_7_2', '通义 VL 7': 'vl_7_3'}
    """
    found: dict[str, str] = {}
    for name in dict.fromkeys(names):
        first, taken, number = slug(name), {*found.values()}, 1
        found[name] = first
        while found[name] in taken:
            number += 1
            found[name] = f"{first}_{number}"
    return found


def hundredths(value: float) -> str:
    """A cosine as part of a value's name, in hundredths.

    Example:
        >>> [hundredths(value) for value in (0.95, 1, -0.2, -0.05)]
        ['095', '100', 'm20', 'm05']
    """
    return f"{round(100 * value):03d}".replace("-", "m")
