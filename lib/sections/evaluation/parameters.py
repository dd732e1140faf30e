"""The block ``evaluation`` of a parameter file."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from lib.base.parameters import Clips, Count, Section, Seed


class Evaluation(Section):
    """06: generators on the benchmark's test set."""

    clips: Clips = "kept"
    seeds: Annotated[list[Seed], Field(min_length=1)] = [0, 1, 2, 3, 4]
    shuffled: bool = True
    control_seeds: Annotated[list[Seed], Field(min_length=1)] | None = None
    unfiltered: bool = True
    shares: list[Annotated[float, Field(gt=0, lt=1)]] = []
    exponents: list[Annotated[float, Field(gt=0)]] = []
    repeats: Count = 5
    repeats_elsewhere: Count = 2
    normalised: bool = True
    pool: Annotated[int, Field(ge=2)] = 32
    bootstrap: Annotated[int, Field(ge=100)] = 1000
    judged_by: Annotated[list[Literal["R@1", "R@2", "R@3", "FID", "KID", "MM-dist"]], Field(min_length=1)] = [
        "R@3",
        "FID",
    ]
    rare: Count = 5
    noise: Annotated[list[Annotated[float, Field(ge=0)]], Field(min_length=2)] = [0.0, 0.002, 0.005, 0.02]
    generations: str | None = None

    @field_validator("seeds", "control_seeds", "shares", "exponents")
    @classmethod
    def _distinct(cls, values: list[float] | None) -> list[float] | None:
        if values and len(set(values)) < len(values):
            raise ValueError("values that differ")
        return values
