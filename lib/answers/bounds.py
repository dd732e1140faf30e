"""What several sections' rules share: the block ``findings`` of a parameter file, and the names of the datasets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field

from lib.base.parameters import Count, Positive, Section, Share


class Findings(Section):
    """The overview's verdicts; it belongs to no notebook, so that changing a bound runs nothing again.

    What belongs to one section's rule stands in that section's block, such as ``similarity.leak_share``.
    """

    larger: Positive = 1.0
    clean_share: Share = 0.5
    no_difference: Annotated[float, Field(ge=0, lt=0.5)] = 0.05
    captioner: str | None = None
    least_test_clips: Count = 500
    least_respondents: Count = 15
    least_seeds: Count = 5


@dataclass(frozen=True)
class Bounds:
    """What the rules of several sections share.

    Args:
        corpora: label of each dataset by its key, the benchmark first.
        findings: the block ``findings`` of the parameter file.
    """

    corpora: Mapping[str, str]
    findings: Findings = field(default_factory=Findings)

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> "Bounds":
        """Reads the resolved parameters of a run; what is not there has its default.

        Example:
            >>> Bounds.of({"corpora": {"h3d": {"label": "HumanML3D"}}}).benchmark
            'HumanML3D'
        """
        corpora = {key: str(source["label"]) for key, source in parameters.get("corpora", {}).items()}
        labels = corpora or {"h3d": "the benchmark", "dm": "the other data"}
        return cls(labels, Findings(**parameters.get("findings", {})))

    @property
    def benchmark(self) -> str:
        """The label of the first dataset, whose test set is reported on."""
        return next(iter(self.corpora.values()))

    @property
    def candidate(self) -> str:
        """The label of the last dataset, the one that is held against the first; empty where there is one dataset."""
        return [*self.corpora.values()][-1] if len(self.corpora) > 1 else ""
