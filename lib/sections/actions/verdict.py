"""02: does the action that is claimed to lead a dataset lead it?"""

from lib.answers.answer import Answer, Part, Reason, to_answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.base.prose import sentence
from lib.base.withheld import WITHHELD
from lib.metrics.decision import Outcome, all_of
from lib.metrics.intervals import Counted, number
from lib.sections.actions.parameters import Actions

STEM = "02_action_distribution"
LEADS = "it is the most frequent action"
TOLD = 3
"""Claims that the answer names one by one; of more it gives the numbers."""


def answer(recorded: Recorded, bounds: Bounds, parameters: Actions) -> Answer:
    """Decides each dataset's claim, the first verb being claimed of the first dataset, and so on.

    Example:
        >>> answer(Recorded({}), Bounds.of({}), Actions()).verdict
        'not answered'
    """
    level = f"{number(100 * parameters.lead_share)} %"
    rule = f"Yes where it is the most frequent action in at least {level} of resamples, no where others are."
    claims = enumerate(zip(bounds.corpora.values(), parameters.claimed, strict=False), 1)
    parts = [_claim(recorded, place, label, verb, rule, parameters) for place, (label, verb) in claims]
    parts = parts or [Part.unmeasured("A verb leads a dataset", rule, "no verb is claimed to")]
    return Answer(
        key="actions",
        question="Does the action that is claimed to lead each dataset lead it?",
        verdict=all_of([part.outcome for part in parts]),
        said=_said(parts),
        rule="Yes when every claim holds; in part when some do.",
        parts=parts,
        action=_action(recorded, bounds, parts),
    )


def _said(parts: list[Part]) -> str:
    """Which claims hold, in one sentence."""
    told = [part for part in parts if part.measures]
    if not told:
        return "No claim about a leading action could be checked."
    if len(told) > TOLD:
        held, refuted = (sum(part.outcome == outcome for part in told) for outcome in ("yes", "no"))
        return f"{held} of {len(told)} datasets are led by the action claimed for them, and {refuted} by another one."
    named = {outcome: [part.name for part in told if part.outcome == outcome] for outcome in ("yes", "no", "not shown")}
    against = [name.replace("” leads ", "” does not lead ") for name in named["no"]]
    groups = [named["yes"], against, [f"whether {name} is open" for name in named["not shown"]]]
    return sentence([" and ".join(names) for names in groups if names])


def _action(recorded: Recorded, bounds: Bounds, parts: list[Part]) -> str:
    """What to say of each dataset instead of the claim."""
    clauses = []
    for (key, label), part in zip(bounds.corpora.items(), parts, strict=False):
        top = recorded.text(STEM, f"{key}_top_verb")
        known = bool(top) and WITHHELD not in top and not part.name.startswith(f"“{top}”")
        if part.outcome == "yes":
            clauses.append(f"keep the claim that {part.name}")
        elif part.outcome == "no":
            clauses.append(f"say that {f'“{top}”' if known else 'another verb'} leads {label}")
        elif part.outcome == "not shown":
            beside = f" before “{top}”" if known else ""
            clauses.append(f"do not say that {part.name}{beside} until more captions are counted")
    return sentence(clauses) or to_answer(recorded, STEM, parts)


def lead(share: float, level: float) -> Outcome:
    """What the share of resamples in which a verb leads says, where a level of them is asked for.

    Example:
        >>> lead(0.95, 0.95), lead(0.94, 0.95), lead(0.06, 0.95), lead(0.05, 0.95), lead(0.1, 0.9)
        ('yes', 'not shown', 'not shown', 'no', 'no')
    """
    return "yes" if share >= level else "no" if 1 - share >= level else "not shown"


def _claim(recorded: Recorded, place: int, label: str, verb: str, rule: str, parameters: Actions) -> Part:
    name = f"“{recorded.text(STEM, f'claim_{place}_verb') or verb}” leads {label}"
    share, leads = recorded.measure(STEM, f"claim_{place}_share"), recorded.number(STEM, f"claim_{place}_leads")
    if share is None or leads is None:
        return Part.unmeasured(name, rule, recorded.lacking(STEM) or "no caption of it has a verb to count")
    outcome = lead(leads, parameters.lead_share)
    link = recorded.link(STEM, "tbl-claims", "claims.html")
    text = f"in {recorded.quoted(STEM, f'claim_{place}_leads')} of resamples"
    resamples, draws = Counted(leads, "share", 1), parameters.bootstrap
    measures = [
        Reason.of(resamples, LEADS, counted="resamples", said=outcome, link=link, n=draws, text=text),
        Reason.of(share, "of the action verbs are it", counted="verbs", said=outcome, link=link),
    ]
    return Part(name=name, rule=rule, outcome=outcome, measures=measures)
