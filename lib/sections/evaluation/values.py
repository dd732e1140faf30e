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


def difference(role: str, metric: str, corpus: str = "", *, new: bool = False, leak_free: bool = False) -> str:
    """The name under which the difference that a regime makes is recorded.

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


def level(role: str, metric: str, corpus: str = "", *, new: bool = False, leak_free: bool = False) -> str:
    """The name under which the score of what a difference compares with is recorded.

    Example:
        >>> level(BOTH, "R@3")
        'both_r3_rival'
    """
    return f"{difference(role, metric, corpus, new=new, leak_free=leak_free)}_rival"


def over_frozen(role: str, metric: str, *, leak_free: bool = False) -> str:
    """The name under which the difference of a role's regime to a body frozen at its mean pose is recorded.

    Example:
        >>> over_frozen(WEIGHTING, "R@3"), over_frozen(ADDING, "FID", leak_free=True)
        ('both_over_frozen_r3', 'leak_free_adding_over_frozen_fid')
    """
    regime = {WEIGHTING: BOTH, FILTERING: ADDING}.get(role, role)
    return f"{'leak_free_' * leak_free}{regime}_over_frozen_{METRICS[metric].key}"


_METRIC = f"{{{'|'.join(METRICS[metric].key for metric in SHOWN)}}}"
_ROLE = f"{{{ADDING}|{WEIGHTING}|{BOTH}|{FILTERING}}}"
VALUES = {
    f"{{model}}_{_METRIC}": "score of the real motions, a regime or a model of others, with its interval over clips",
    f"{{model}}_{{all|leak_free}}_{_METRIC}_difference": "difference to the benchmark alone, on all clips or some",
    f"{_ROLE}_{_METRIC}": "difference that adding the data, weighting it, both, or filtering it makes",
    f"{_ROLE}_{_METRIC}_rival": "score of what it is compared with",
    f"{_ROLE}_{_METRIC}_over_clips": "the same difference with its interval over test clips, the trainings as they are",
    f"leak_free_{_ROLE}_{_METRIC}": "the same difference on the test clips that are leak-free for every regime",
    f"leak_free_{_ROLE}_{_METRIC}_rival": "score of what that is compared with",
    f"leak_free_{_ROLE}_{_METRIC}_over_clips": "that difference with its interval over test clips alone",
    f"{{{ADDING}|{BOTH}}}_over_frozen_{_METRIC}": "difference of the regime to bodies frozen at their mean pose",
    f"leak_free_{{{ADDING}|{BOTH}}}_over_frozen_{_METRIC}": "the same on the leak-free test clips",
    "leak_free_base_clips": "how many of those there are among the clips that generators are given, mirrors left out",
    "leak_free_of": "of how many",
    "leak_free": "how many that leaves, by regime, and what it does to the intervals",
    f"elsewhere_{{corpus}}_{_ROLE}_{_METRIC}": "the same difference on the test clips of another corpus",
    f"elsewhere_{{corpus}}_{_ROLE}_{_METRIC}_rival": "score of what that is compared with",
    "elsewhere_{corpus}_new_clips": "test clips of another corpus whose actions the benchmark hardly has",
    "elsewhere": "differences on the test clips of the other corpora",
    "selection": "which clips the section uses",
    "trained_on": "how many clips TMR and the generators were trained on, of how many",
    "filtering": "differences of the data that the filter keeps to all of it",
    "control": "differences of the control, whose added captions are permuted",
    "noticed": "which alterations of real motions the metrics that decide miss, by evaluator",
    "validation": "how trainings ended, and how validation orders the regimes",
    "protocol": "evaluator, space, pools and clips of every number on the benchmark",
    "protocol_elsewhere": "the same on the other corpora",
    "judged_by": "the metrics that decide",
}
