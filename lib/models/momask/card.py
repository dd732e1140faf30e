"""The card of exported weights: a README with the metadata block that Hugging Face reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from lib.base.markdown import table
from lib.base.prose import listed, number
from lib.models.momask.regimes import SHUFFLED, UNFILTERED, WEIGHTED, curve_of
from lib.models.momask.weights import OURS

NETWORKS = dict(zip(("tokenizer", "masked transformer", "residual transformer", "length estimator"), OURS, strict=True))
LOADING = """\
| file | holds |
|---|---|
| `checkpoints/t2m/<name>/opt.txt` | what a network is made of, as momask-codes writes it |
| `checkpoints/t2m/<name>/model/*.tar` | its weights, under momask-codes' parameter names |
| `checkpoints/t2m/rvq/meta/` | mean and deviation of the features, (263,) each |
| `sha256.json` | the hash of every file |

With this project: `python -m lib generate --momask checkpoints/t2m --text "a man jumps" -o jump.bvh`, or
`lib.models.momask.model.MoMask.from_run_dir("checkpoints/t2m")`.

With momask-codes: `--name masked --res_name residual`. Its text vector is CLIP's, of 512 numbers; these weights read
that of sentence-transformers/all-mpnet-base-v2, 768 numbers of unit length times the root of 768, so that `encode_text`
is to give it. Without `clip_model.*` in the file, as its own weights are.
"""


@dataclass(frozen=True)
class Origin:
    """What a card says of how weights were made.

    Attributes:
        profile: the parameter file's name.
        description: its own words.
        regime: its name.
        seed: of the training.
        synthetic: whether a program made the corpora.
        internal: names of private corpora that were trained on.
        corpora: name and licence of every corpus that was trained on, the benchmark first.
        commit: of the code that exported.
        judged: the day of the results that the metrics are from.
        metrics: title and text of each metric.
    """

    profile: str
    description: str
    regime: str
    seed: int
    synthetic: bool
    internal: Sequence[str]
    corpora: Sequence[tuple[str, str]]
    commit: str = ""
    judged: str = ""
    metrics: Sequence[tuple[str, str]] = field(default_factory=tuple)


def model_card(origin: Origin, generator: Mapping[str, Any], tokenizer: Mapping[str, Any]) -> str:
    """The README of exported weights.

    Args:
        origin: how they were made.
        generator: `training.json` of the run folder.
        tokenizer: that of its tokenizer.
    """
    first, *others = [name for name, _ in origin.corpora]
    described = f" ({origin.description})" if origin.description else ""
    parts = [
        f"---\n{yaml.safe_dump(_metadata(origin), sort_keys=False, allow_unicode=True)}---",
        f"# MoMask, {origin.regime}, seed {origin.seed}",
        f"**internal**: it was trained on {listed([*origin.internal])}. Do not pass it on." if origin.internal else "",
        "Its corpora are synthetic: bodies and captions were made by a program." if origin.synthetic else "",
        f"A text-to-motion generator in the manner of MoMask (Guo et al. 2023), trained from nothing by the profile "
        f"{origin.profile}{described}. It gives HumanML3D's 263 features at 20 frames a second.",
        "## Data",
        table(origin.corpora, ["corpus", "licence"]),
        f"{_regime(origin.regime, others)} {int(generator.get('clips', 0)):,} clips can be drawn. Statistics of the "
        f"features and validation are those of {first}.",
        "## Training",
        table(_networks(generator, tokenizer), ["network", "folder", "steps", "best step", "validation loss"]),
        f"{int(generator.get('parameters', 0)):,} parameters, seed {origin.seed}. The weights are those of the lowest "
        f"validation loss. Fingerprint: `{generator.get('fingerprint', '')}`.",
        "## Metrics",
        _metrics(origin, first),
        "## Files and loading",
        LOADING,
        "## Licence",
        "Weights are made of their data: what the licences above forbid for these holds for the weights as well. The "
        "code is under the licence of its repository.",
        "Exported by `python -m lib models export`" + (f", commit {origin.commit}." if origin.commit else "."),
    ]
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def _metadata(origin: Origin) -> dict[str, Any]:
    return {
        "license": "other",
        "license_name": "of-each-corpus",
        "language": ["en"],
        "tags": ["text-to-motion", "human-motion", "momask", *(["synthetic"] if origin.synthetic else [])],
        "datasets": [name for name, _ in origin.corpora],
    }


def _regime(name: str, others: Sequence[str]) -> str:
    """How clips are drawn, in a sentence."""
    if not others:
        return "Clips of one corpus are drawn alike."
    told = f"{listed([*others])} is added to the benchmark"
    curve = curve_of(name)
    if curve is not None:
        kind, value = curve
        way = (
            f"{100 * value:g} % of it"
            if kind == "share"
            else f"drawn by the weights of its clusters to the power {value:g}"
        )
        return f"{told}, {way}."
    if name.endswith(f" {SHUFFLED}"):
        return f"{told} with its captions dealt at random: a control, of no use but for comparison."
    if name.endswith(f" {WEIGHTED}"):
        return f"{told}; within each corpus clips are drawn by the weights of their clusters."
    if name.endswith(f" {UNFILTERED}"):
        return f"{told}, clips that the filter drops included; all are drawn alike."
    return f"{told}; all clips that the filter keeps are drawn alike."


def _networks(generator: Mapping[str, Any], tokenizer: Mapping[str, Any]) -> list[tuple[str, str, str, str, str]]:
    rows = []
    for network, folder in NETWORKS.items():
        own = tokenizer if network == "tokenizer" else generator
        settings = own.get("training") or {}
        key = {"masked transformer": "masked", "residual transformer": "residual", "length estimator": "lengths"}
        steps = (settings if network == "tokenizer" else settings.get(key[network]) or {}).get("steps", "")
        best, loss = ((own.get(of) or {}).get(network, "") for of in ("best_step", "best_val"))
        shown = number(loss, 4) if isinstance(loss, int | float) else ""
        rows.append((network, folder, str(steps), str(best), shown))
    return rows


def _metrics(origin: Origin, first: str) -> str:
    if not origin.metrics:
        return "No results of 06_evaluation judge this regime yet."
    told = f"On the test captions of {first}, over all seeds of the regime, with 95 % intervals"
    day = f" (06_evaluation of {origin.judged})" if origin.judged else ""
    return f"{told}{day}:\n\n{table(origin.metrics, ['metric', 'value'])}"
