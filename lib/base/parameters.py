"""Blocks of a parameter file: what every block refuses, and the kinds of numbers and names that they hold."""

import os
import re
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
Cosine = Annotated[float, Field(gt=-1, le=1)]
Count = Annotated[int, Field(ge=1)]
Positive = Annotated[float, Field(gt=0)]
Seed = Annotated[int, Field(ge=0, le=1_000_000_000)]
"""One that every generator of random numbers takes, those of 32 bits as well."""
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=64)]
Clips = Literal["kept", "all"]
"""The clips that a section uses: of each corpus with a filter those that it keeps, or all."""
Place = Annotated[str, AfterValidator(os.path.expanduser)]
"""A folder or a name on a hub; a folder may begin at home."""


def _key(key: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", key):
        raise ValueError(
            "at most 64 small letters, digits and _, a letter first, since values and files are named by it"
        )
    return key


Key = Annotated[str, AfterValidator(_key)]


class Section(BaseModel):
    """A block of a parameter file: unknown keys and values of another type are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)
    bounds: ClassVar[frozenset[str]] = frozenset()
    """Fields that only the section's rule reads; they enter no notebook's stamp, so that moving one runs nothing."""
