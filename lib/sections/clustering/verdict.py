"""05: do the measures favour the space that clips are clustered by?"""

from lib.answers.answer import Answer, Part, Reason, to_answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.metrics.decision import Outcome
from lib.metrics.intervals import Counted, percent
from lib.sections.clustering.parameters import Clustering

STEM = "05_clustering"
MEASURES = {
    "coherence": "Coherence votes when the interval of its difference leaves out zero.",
    "silhouette": "Silhouette votes when it differs by more than {margin:g}.",
    "stability": "Stability votes when it differs by more than {margin:g}.",
}


def answer(recorded: Recorded, bounds: Bounds, parameters: Clustering) -> Answer:
    """Counts the votes that 05 took its space by.

    The votes are cast by the notebook, since the sampling weights follow from them; nothing is decided twice.

    Example:
        >>> answer(Recorded({}), Bounds.of({}), Clustering()).verdict
        'not answered'
    """
    space = recorded.text(STEM, "space")
    parts = [_vote(recorded, space, measure, parameters) for measure in parameters.judged_by]
    outcomes = [part.outcome for part in parts]
    more = outcomes.count("yes") > outcomes.count("no")
    verdict: Outcome = "not answered" if not space else "yes" if more else "not shown"
    tied = f"Votes tie, so {space} latents are taken, as the parameters say." if space and not more else ""
    return Answer(
        key="clustering",
        question=f"Do clips cluster better by {space or 'text'} latents?",
        verdict=verdict,
        rule="Yes when more measures vote for these latents than for the others.",
        parts=parts,
        note=tied,
        action=_action(recorded, space, verdict, parts),
    )


def _action(recorded: Recorded, space: str, verdict: Outcome, parts: list[Part]) -> str:
    """The file to draw training clips by, and which parameter would take the other space."""
    if not space:
        return to_answer(recorded, STEM, parts)
    clips, alpha = recorded.quoted(STEM, "training_clips"), recorded.quoted(STEM, "alpha")
    worth = recorded.number(STEM, "effective_share")
    weights = f", {clips} clips with exponent {alpha}" if clips and alpha else ""
    epoch = f", of which an epoch is worth {percent(worth, 0)}" if weights and worth is not None else ""
    other = "motion" if space == "text" else "text"
    tied = f" The votes tie: clustering.otherwise = {other} would take {other} latents." if verdict != "yes" else ""
    return f"Draw training clips by sampling_weights.parquet of 05 ({space} clusters){weights}{epoch}.{tied}"


def _vote(recorded: Recorded, space: str, measure: str, parameters: Clustering) -> Part:
    name, rule = f"By {measure}", MEASURES[measure].format(margin=parameters.margin)
    vote, difference = recorded.text(STEM, f"{measure}_vote"), recorded.number(STEM, f"{measure}_less")
    if not vote or difference is None:
        return Part.unmeasured(name, rule, recorded.lacking(STEM) or "it was not asked to vote")
    outcome: Outcome = "not shown" if vote == "neither" else "yes" if vote == space else "no"
    clips = int(recorded.number(STEM, "clips") or 0)
    number = recorded.measure(STEM, "coherence_difference") if measure == "coherence" else None
    link = recorded.link(STEM, "tbl-votes", "votes.html")
    label = "is that of text less that of motion"
    shown = number or Counted(difference, digits=3)
    reason = Reason.of(shown, label, counted="clips", said=f"votes for {vote}", link=link, n=clips)
    return Part(name=name, rule=rule, outcome=outcome, measures=[reason])
