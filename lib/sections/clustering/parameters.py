"""The block ``clustering`` of a parameter file."""

from typing import Annotated, Literal

from pydantic import Field

from lib.base.parameters import Clips, Cosine, Count, Positive, Section

Vote = Literal["words", "movement", "silhouette", "stability", "coherence"]


class Clustering(Section):
    """05: semantic clusters and the sampling weights that they give.

    `fit` is how many clips, drawn at random, K-means is fit on, by default all; all are assigned to its centroids.
    `judged_by` leaves out coherence by default: its sentence encoder is also what TMR reads captions through.
    """

    clips: Clips = "kept"
    clusters: Annotated[int, Field(ge=2)] = 12
    centroids: Annotated[int, Field(ge=2)] = 1000
    rows_per_centroid: Count = 10
    fit: Annotated[int, Field(ge=100)] | None = None
    linkage: Literal["ward", "average", "centroid", "single", "complete", "weighted", "median"] = "ward"
    metric: Literal["euclidean", "cosine"] = "euclidean"
    weighted: bool = True
    min_samples: Count = 5
    eps: Positive | None = None
    sample: Annotated[int, Field(ge=10)] = 600
    judged_by: Annotated[list[Vote], Field(min_length=1)] = ["words", "movement", "silhouette", "stability"]
    margin: Annotated[float, Field(ge=0)] = 0.02
    otherwise: Literal["text", "motion"] = "text"
    seeds: Annotated[int, Field(ge=2)] = 5
    bootstraps: Count = 5
    bootstrap: Annotated[int, Field(ge=100)] = 100
    permutations: Annotated[int, Field(ge=19)] = 99
    words: Count = 3
    examples: Count = 3
    alpha: float = 0.5
    duplicate_cosine: Cosine = 0.999
    drop_duplicates: bool = False
    growth: Annotated[list[Annotated[int, Field(ge=20)]], Field(min_length=2)] = [500, 1000, 2000]
    growth_to: Count = 380_000
