"""Which captioner wins, or that none does and what it would take."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Choice:
    """The outcome of a comparison.

    Args:
        leader: the captioner that leads on the sample.
        won: whether it differs from every other one at the level of the tests.
        rivals: those it could not be told from, best first.
        clips: clips compared.
        clips_needed: how many would tell the leader from all of them, were the observed differences the true ones;
            None where it won, or where it ties with a rival.
    """

    leader: str
    won: bool
    rivals: tuple[str, ...]
    clips: int
    clips_needed: int | None


def choose(recall: pd.DataFrame, tested: pd.DataFrame) -> Choice | None:
    """The winner on video-to-text R@1, or the lack of one.

    Holm's correction covers all pairs, so the chance of naming a winner among captioners that are alike stays below
    the tests' level, also though the leader is chosen by the same clips.

    Args:
        recall: from `lib.sections.captioners.metrics.captioners.recalls`.
        tested: from `lib.sections.captioners.metrics.captioners.significance` in the same direction.

    Returns:
        The choice; None with fewer than two captioners.

    Example:
        >>> recall = pd.DataFrame({"captioner": ["x", "y"], "direction": "video to text", "measure": "R@1",
        ...                        "value": [30.0, 20.0], "clips": 100})
        >>> tested = pd.DataFrame({"first": ["x"], "second": ["y"], "different": [False], "clips_needed": [234]})
        >>> choose(recall, tested)
        Choice(leader='x', won=False, rivals=('y',), clips=100, clips_needed=234)
    """
    first = recall[(recall["direction"] == "video to text") & (recall["measure"] == "R@1")]
    order = first.sort_values("value", ascending=False, kind="stable")
    if len(order) < 2:
        return None
    leader = str(order["captioner"].iloc[0])
    mine = tested[(tested["first"] == leader) | (tested["second"] == leader)]
    open_ = mine[~mine["different"].astype(bool)]
    unsettled = set(open_["first"]) | set(open_["second"])
    rivals = tuple(str(name) for name in order["captioner"] if name in unsettled and name != leader)
    needed = None if open_["clips_needed"].isna().any() or open_.empty else int(open_["clips_needed"].max())
    return Choice(leader, not rivals, rivals, int(order["clips"].iloc[0]), needed)
