"""The values that 06 records, and what each says; a page, a guard or the rule reads these and no others."""

from lib.base.slugs import slug
from lib.metrics.names import METRICS

SHOWN = ("R@1", "R@2", "R@3", "FID", "KID", "MM-dist")
"""The metrics that are recorded, and of which parameters choose those that decide."""
ADDING, WEIGHTING, BOTH, FILTERING = "adding", "weighting", "both", "filtering"
"""What a regime adds: the data, the weights to the same data, both to the benchmark, or the filter to all data."""
NEW = "new actions"
"""The clips whose captions name actions that the benchmark hardly has."""


LEAK_FREE = "leak-free"
"""The test clips that no regime of the comparison has met in training, by recording or by text."""
BESIDE = "beside_"
"""What the names of values by the evaluator beside TMR begin with."""


def difference(role: str, metric: str, corpus: str = "", *, new: bool = False, leak_free: bool = False) -> str:
    """The name under which the difference that a regime makes is recorded, after `BESIDE` by the other evaluator.

    Args:
        role: `ADDING`, `WEIGHTING`, `BOTH` or `FILTERING`.
        metric: one of `SHOWN`.
        corpus: key of another corpus than the benchmark, on whose test clips it was measured.
        new: whether only on those of its clips whose actions the benchmark hardly has.
        leak_free: whether only on the benchmark's leak-free test clips.

    Example:
        >>> difference(BOTH, "R@3"), difference(ADDING, "MM-dist", "dm", new=True)
        ('both_r3', 'elsewhere_dm_new_adding_mm_dist')
        >>> difference(BOTH, "FID", leak_free=True)
        'leak_free_both_fid'
    """
    where = f"elsewhere_{slug(corpus)}_{'new_' * new}" if corpus else "leak_free_" * leak_free
    return f"{where}{role}_{METRICS[metric].key}"


def regime_of(role: str) -> str:
    """The role of the regime whose motions a comparison judges: weighting and filtering judge motions of others.

    Example:
        >>> regime_of(WEIGHTING), regime_of(FILTERING), regime_of(BOTH)
        ('both', 'adding', 'both')
    """
    return {WEIGHTING: BOTH, FILTERING: ADDING}.get(role, role)


def over_frozen(regime: str, metric: str, *, leak_free: bool = False) -> str:
    """The name of the difference of a regime, or of ``real`` motions, to bodies that stand in the real mean pose.

    Example:
        >>> over_frozen(BOTH, "R@3"), over_frozen("real", "FID", leak_free=True)
        ('both_over_frozen_r3', 'leak_free_real_over_frozen_fid')
    """
    return f"{'leak_free_' * leak_free}{regime}_over_frozen_{METRICS[metric].key}"


_METRIC = f"{{{'|'.join(METRICS[metric].key for metric in SHOWN)}}}"
_ROLE = f"{{{ADDING}|{WEIGHTING}|{BOTH}|{FILTERING}}}"
_REGIME = f"{{{ADDING}|{BOTH}|real}}"
_BY = "{|beside_}"
VALUES = {
    f"{_BY}{{model}}_{_METRIC}": "score of the real motions, a regime or a model of others, with its interval",
    "{model}_{energy|spread}": "motion energy or pose spread of a model as a ratio to real motion, over clips",
    f"{{model}}_{{all|leak_free}}_{_METRIC}_difference": "difference to the benchmark alone, on all clips or some",
    f"{_BY}{{|leak_free_}}{_ROLE}_{_METRIC}": "difference that adding the data, weighting it, both, or filtering makes",
    f"{_BY}{{|leak_free_}}{_ROLE}_{_METRIC}_rival": "score of what it is compared with",
    f"{_BY}{{|leak_free_}}{_ROLE}_{_METRIC}_p": "two-sided p of that difference, not corrected",
    f"{_BY}{{|leak_free_}}{_ROLE}_{_METRIC}_over_clips": "that difference over test clips alone",
    f"{_BY}{{|leak_free_}}{_REGIME}_over_frozen_{_METRIC}": "difference of a regime or of real motion to frozen bodies",
    f"{{{ADDING}|{BOTH}|baseline}}_energy": "motion energy of the regime that the rule judges, a ratio to real motion",
    "leak_free_base_clips": "how many of those there are among the clips that generators are given, mirrors left out",
    "leak_free_of": "of how many",
    "leak_free": "how many that leaves, by regime, and what it does to the intervals",
    f"elsewhere_{{corpus}}_{{|new_}}{_ROLE}_{_METRIC}": "the same difference on the test clips of another corpus",
    f"elsewhere_{{corpus}}_{{|new_}}{_ROLE}_{_METRIC}_rival": "score of what that is compared with",
    f"elsewhere_{{corpus}}_{{|new_}}{_ROLE}_{_METRIC}_p": "two-sided p of that difference, not corrected",
    "elsewhere_{corpus}_new_clips": "test clips of another corpus whose actions the benchmark hardly has",
    "elsewhere": "differences on the test clips of the other corpora",
    "selection": "which clips the section uses",
    "trained_on": "how many clips TMR and the generators were trained on, of how many",
    "filtering": "differences of the data that the filter keeps to all of it",
    "control": "differences of the control, whose added captions are permuted, beside the same data with their own",
    "noticed": "which alterations of real motions the metrics that decide miss, by evaluator",
    "detected": "how many of these alterations they detect, by the first evaluator",
    "movement": "how much each model moves beside real motion, and which are not judged",
    "agreement": "how alike both evaluators order the models",
    "validation": "how trainings ended, and how validation orders the regimes",
    "protocol": "evaluator, space, pools and clips of every number on the benchmark",
    "counted": "clips and pools of the table of scores",
    "protocol_elsewhere": "the same on the other corpora",
    "beside_protocol": "the same of the evaluator beside TMR",
    "beside_name": "name of that evaluator",
    "judged_by": "the metrics that decide",
}
