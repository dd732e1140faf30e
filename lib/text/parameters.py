"""The block ``verbs`` of a parameter file, which 02 and 04 to 07 read."""

from lib.base.parameters import Section

NOT_ACTIONS = [
    *("act", "appear", "attempt", "be", "become", "begin", "come", "complete", "continue", "demonstrate", "do", "end"),
    *("engage", "execute", "finish", "get", "give", "go", "have", "keep", "left", "let", "maintain", "make", "move"),
    *("perform", "pretend", "proceed", "remain", "repeat", "see", "seem", "show", "side", "start", "stay", "suggest"),
    *("take", "try", "use"),
]
"""Verbs that say that something is done, begun, kept up or seen, and leave it to another word what; "left" and "side"
are directions that taggers take for verbs."""


class Verbs(Section):
    """Which verbs of captions name an action.

    Attributes:
        not_actions: lemmas that name none: 02 does not rank them, 04 makes no class of them, 05 leaves them out of the
            mix of actions, 06 does not ask whether the benchmark has them, 07 draws no prompt for them.
    """

    not_actions: list[str] = NOT_ACTIONS
