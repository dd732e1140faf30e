"""05: do the measures favour the space that clips are clustered by, and the method?"""

from lib.answers.answer import Answer, Part, Reason, to_answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.metrics.decision import Outcome
from lib.metrics.intervals import Measure, percent
from lib.sections.clustering.parameters import Clustering

STEM = "05_clustering"
RULES = {
    "words": "Words: how alike the verbs and objects of a cluster’s captions are.",
    "movement": "Movement: how alike the bodies of a cluster move.",
    "silhouette": "Silhouette: how much nearer clips are to their own cluster than to the next.",
    "stability": "Stability: how alike the clusters of resampled clips are.",
    "coherence": "Coherence: how alike a cluster’s captions are by the sentence encoder.",
}
"""What each measure is."""
TITLES = {
    "words": "likeness of words",
    "movement": "likeness of movement",
    "dbcv": "DBCV",
    "placed": "share of clips in clusters other than the largest",
}
"""How measures are called where their name does not say it."""
METHODS = ("words", "movement", "silhouette", "dbcv", "placed")
"""Measures that vote between the methods."""
METHOD = "K-means with a tree, not DBSCAN"


def answer(recorded: Recorded, bounds: Bounds, parameters: Clustering) -> Answer:
    """Counts the votes that 05 took its space by, and beside them those between K-means with a tree and DBSCAN.

    The votes between spaces are cast by the notebook, since the sampling weights follow from them; nothing is decided
    twice.

    Example:
        >>> answer(Recorded({}), Bounds.of({}), Clustering()).verdict
        'not answered'
    """
    space = recorded.text(STEM, "space")
    parts = [_vote(recorded, measure, parameters, space) for measure in parameters.judged_by]
    outcomes = [part.outcome for part in parts]
    more = outcomes.count("yes") > outcomes.count("no")
    verdict: Outcome = "not answered" if not space else "yes" if more else "not shown"
    method = _method(recorded, space, parameters)
    tied = f"Votes tie, so {space} latents are taken, as the parameters say." if space and not more else ""
    return Answer(
        key="clustering",
        question=f"Do clips cluster better by {space or 'text'} latents?",
        verdict=verdict,
        said=_said(space, verdict, outcomes, method.outcome),
        rule="Yes when more measures vote for these latents than for the others.",
        parts=parts,
        beside=[method],
        note=tied,
        action=_action(recorded, space, verdict, parts),
    )


def _said(space: str, verdict: Outcome, outcomes: list[Outcome], method: Outcome) -> str:
    """The answer in a sentence, the method with it."""
    if not space:
        return "This run does not say which latents or which method cluster clips better."
    told = {
        "yes": "K-means with a tree beats DBSCAN",
        "no": "DBSCAN beats K-means with a tree",
        "not shown": "neither K-means nor DBSCAN is shown to be better",
        "not answered": "DBSCAN was not compared",
    }[method]
    for_it = outcomes.count("yes")
    if verdict == "yes":
        return f"Clips cluster better by {space} latents ({for_it} of {len(outcomes)} measures), and {told}."
    return f"Neither text nor motion latents are shown to cluster better, so {space} is the default, and {told}."


def _action(recorded: Recorded, space: str, verdict: Outcome, parts: list[Part]) -> str:
    """The file to draw training clips by, and which parameter would take the other space."""
    if not space:
        return to_answer(recorded, STEM, parts)
    clips, alpha = recorded.quoted(STEM, "training_clips"), recorded.quoted(STEM, "alpha")
    worth = recorded.number(STEM, "effective_share")
    weights = f", {clips} clips with exponent {alpha}" if clips and alpha else ""
    epoch = f", with an effective sample size of {percent(worth, 0)}" if weights and worth is not None else ""
    other = "motion" if space == "text" else "text"
    tied = f" The votes tie: clustering.otherwise = {other} would take {other} latents." if verdict != "yes" else ""
    file = f"sampling_weights.parquet of 05 ({space} clusters)"
    return f"To draw training clips by cluster, take {file}{weights}{epoch}.{tied}"


def _vote(recorded: Recorded, measure: str, parameters: Clustering, space: str) -> Part:
    name, rule = f"By {measure}", f"{RULES[measure]} {_rule(parameters.margin)}"
    vote, less = recorded.text(STEM, f"{measure}_vote"), recorded.measure(STEM, f"{measure}_less")
    if not vote or vote == "not asked" or less is None:
        return Part.unmeasured(name, rule, recorded.lacking(STEM) or "it was not asked to vote")
    outcome: Outcome = "not shown" if vote == "neither" else "yes" if vote == space else "no"
    counted = "resamples" if measure == "stability" else "clips"
    label, link = f"{TITLES.get(measure, measure)}, text less motion", recorded.link(STEM, "tbl-votes", "votes.html")
    reason = Reason.of(less, label, counted=counted, said=f"votes for {vote}", link=link)
    return Part(name=name, rule=rule, outcome=outcome, measures=[reason])


def _rule(margin: float) -> str:
    return (
        f"It votes when its difference exceeds {percent(margin, 0)} of the better space’s lead over random clusters, "
        "the interval leaves out zero, and every seed or resample agrees."
    )


def _method(recorded: Recorded, space: str, parameters: Clustering) -> Part:
    """Whether K-means with a tree clusters the space better than DBSCAN, by more votes of the measures."""
    margin = parameters.margin
    rule = (
        "Yes when more measures vote for K-means with a tree than for DBSCAN, no when fewer do. A measure votes when "
        f"its difference exceeds {percent(margin, 0)} of the better method’s lead over random clusters and the "
        "interval leaves out zero. Clips in noise count as chance. A clip in noise or in the largest cluster is not "
        "placed."
    )
    found = {measure: recorded.measure(STEM, f"{space or 'text'}_{measure}_more") for measure in METHODS}
    told = {measure: more for measure, more in found.items() if more is not None}
    if not space or not told:
        return Part.unmeasured(METHOD, rule, recorded.lacking(STEM) or "DBSCAN was not compared")
    votes = {
        measure: _for(more, recorded.number(STEM, f"{space}_{measure}_over_chance") or 0.0, margin)
        for measure, more in told.items()
    }
    ayes, noes = (sum(vote == side for vote in votes.values()) for side in ("yes", "no"))
    outcome: Outcome = "yes" if ayes > noes else "no" if noes > ayes else "not shown"
    link = recorded.link(STEM, "tbl-against-dbscan", "against_dbscan.html")
    reasons = [
        Reason.of(
            more,
            f"{TITLES.get(measure, measure)}, K-means with a tree less DBSCAN",
            counted="samples of clips" if measure == "dbcv" else "clips",
            said={"yes": "votes for K-means", "no": "votes for DBSCAN"}.get(votes[measure], "votes for neither"),
            link=link,
        )
        for measure, more in told.items()
    ]
    return Part(name=METHOD, rule=rule, outcome=outcome, measures=reasons)


def _for(more: Measure, lead: float, margin: float) -> Outcome:
    """The vote of a measure, by the difference and by how far the better method lies above chance."""
    if more.low <= 0 <= more.high or not 0 < margin * lead < abs(more.value):
        return "not shown"
    return "yes" if more.value > 0 else "no"
