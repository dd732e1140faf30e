"""The bounds that verdicts rest on, taken from the parameters of a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lib.run.params import Evaluation, Findings, Similarity


@dataclass(frozen=True)
class Bounds:
    """Bounds and names, from the sections of a parameter file.

    Args:
        corpora: label of each dataset by its key, the benchmark first.
        similarity: parameters of 01.
        evaluation: parameters of 06.
        findings: the rest.
    """

    corpora: Mapping[str, str]
    similarity: Similarity
    evaluation: Evaluation
    findings: Findings

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> "Bounds":
        """Reads the resolved parameters of a run; sections that are not there have their defaults.

        Example:
            >>> Bounds.of({"corpora": {"h3d": {"label": "HumanML3D"}}}).benchmark
            'HumanML3D'
        """
        corpora = {key: str(source["label"]) for key, source in parameters.get("corpora", {}).items()}
        return cls(
            corpora or {"h3d": "the benchmark", "dm": "the other data"},
            Similarity(**parameters.get("similarity", {})),
            Evaluation(**parameters.get("evaluation", {})),
            Findings(**parameters.get("findings", {})),
        )

    @property
    def benchmark(self) -> str:
        """The label of the first dataset, whose test set is reported on."""
        return next(iter(self.corpora.values()))

    @property
    def candidate(self) -> str:
        """The label of the last dataset, the one that is held against the first; empty where there is one dataset."""
        return [*self.corpora.values()][-1] if len(self.corpora) > 1 else ""

    @property
    def least(self) -> dict[str, int]:
        """How many of each kind a number should at least rest on."""
        bounds = self.findings
        return {
            "test clips": bounds.least_test_clips,
            "respondents": bounds.least_respondents,
            "training seeds": bounds.least_seeds,
        }
