"""Third question: is the chosen captioner the best one? Claims, people and recall decide together, by one rule.

A measure decides where this run shows that it ranks true above false: claims where captions do better on their own
clips than on others, people where their answers agree beyond chance, recall where its space ranks true captions above
those made false. Of two captioners one is better by a measure where the test distinguishes them and the difference
exceeds the margin; the tests of all pairs by all measures that decide are corrected together.

- yes: against every other captioner some measure that decides shows the chosen one better, and none shows it worse;
- no: some other captioner is better by one measure and worse by none, or as good by all;
- mixed: measures that decide contradict each other about a pair;
- not shown: else; not judged: no measure decides.

Precision of claims rewards who says little, so it ranks no captioner above one that surely says more true things.
"""

from collections.abc import Callable

from lib.answers.answer import Answer, Part, Reason, to_answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.base.prose import listed, sentence
from lib.metrics.decision import Outcome, Relation, against_all, by_measures
from lib.metrics.intervals import number, span
from lib.sections.captioners.parameters import Captioners
from lib.sections.captioners.recorded_pairs import KINDS, STEM, Evidence, Kind, evidence, numbers

RULE = (
    "Yes where, against each other captioner, a measure that ranks true captions above false ones shows it better, and "
    "none shows it worse. Tests share Holm’s correction."
)


def answer(recorded: Recorded, bounds: Bounds, parameters: Captioners) -> Answer:
    """Whether the chosen captioner is better than every other one, by claims, people and recall together.

    Example:
        >>> answer(Recorded({}), Bounds.of({}), Captioners()).verdict
        'not answered'
    """
    chosen = bounds.findings.captioner or ""
    if not chosen and not recorded.flag(STEM, "by_position"):
        chosen = next((name for it in ("preferred", "precise", "leader") if (name := recorded.text(STEM, it))), "")
    lacking = _lacking(recorded, chosen)
    known = evidence(recorded, margin=bounds.findings.no_difference, level=parameters.significance)
    parts = [_part(kind, recorded, bounds, known, chosen, lacking) for kind in KINDS]
    who = f"“{chosen}”, the chosen captioner," if chosen else "the chosen captioner"
    verdict: Outcome = "not answered" if lacking else best(known, chosen)
    return Answer(
        key="captioner",
        question=f"Is {who} the best one?",
        subject=chosen,
        verdict=verdict,
        said=_said(verdict, known, chosen, parts),
        rule=RULE,
        parts=parts,
        note=_note(recorded, known, "" if lacking else chosen),
        action=to_answer(recorded, STEM, parts) if verdict == "not answered" else _action(known, chosen, parts),
    )


def _said(verdict: Outcome, known: Evidence, chosen: str, parts: list[Part]) -> str:
    """Which captioner, and on what ground, in one sentence."""
    if verdict == "not answered":
        return "This run does not compare captioners, so it cannot say which one is best."
    if verdict == "not judged":
        return "No captioner can be called best: no measure of this run ranks true captions above false ones."
    by = {kind.key: kind.by for kind in KINDS}
    if verdict == "yes":
        whole, some = (
            [kind.by for kind, part in zip(KINDS, parts, strict=True) if part.outcome == outcome]
            for outcome in ("yes", "in part")
        )
        beaten = f"every other captioner by {listed(whole)}" if whole else f"each other one by {listed(some, 'or')}"
        return f"“{chosen}” is best: it beats {beaten}, and loses to none."
    relations = known.relations(chosen)
    against = {other: by_measures([*said.values()]) for other, said in relations.items()}
    if verdict == "not shown":
        rivals = [other for other, outcome in against.items() if outcome == "not shown"]
        return f"“{chosen}” may be best, but this run does not separate it from {_named(rivals)}."
    rival = next(other for other, outcome in against.items() if outcome == verdict)
    won, lost = ([by[key] for key, it in relations[rival].items() if it == how] for how in ("better", "worse"))
    if verdict == "mixed":
        return f"The measures disagree: “{chosen}” beats “{rival}” by {listed(won)} and loses by {listed(lost)}."
    if not lost:
        return f"“{chosen}” is not the only best captioner: “{rival}” does as well by every deciding measure."
    return f"“{chosen}” is not best: it loses to “{rival}” by {listed(lost)}, and beats it by no measure."


def _named(names: list[str]) -> str:
    """One or two names, else how many there are."""
    return listed([f"“{name}”" for name in names]) if len(names) < 3 else f"{len(names)} others"


def best(known: Evidence, name: str) -> Outcome:
    """Whether a captioner is the best one; see the rule of this module.

    Args:
        known: what was recorded of every pair.
        name: of the captioner.
    """
    table = [list(said.values()) for said in known.relations(name).values()]
    if not any(table):
        return "not judged" if known.rivals else "not answered"
    outcomes = [by_measures(said) for said in table]
    if all(outcome == "yes" for outcome in outcomes):
        return "yes"
    refuting: tuple[Outcome, ...] = ("no", "mixed")
    return next((outcome for outcome in refuting if outcome in outcomes), "not shown")


def _lacking(recorded: Recorded, chosen: str) -> str:
    """Why no part can be decided; empty where nothing stands against it."""
    if recorded.flag(STEM, "by_position"):
        return "captions are compared by their position here; there is no captioner to choose"
    names = [recorded.text(STEM, f"captioner_{index}") for index in numbers(recorded, "captioners")]
    if len(names) < 2:
        return recorded.lacking(STEM) or recorded.text(STEM, "no_comparison") or "fewer than two captioners to compare"
    return "" if chosen in names else f"no captions by it were compared; there are {', '.join(names)}"


def _part(kind: Kind, recorded: Recorded, bounds: Bounds, known: Evidence, chosen: str, lacking: str) -> Part:
    rule = _RULES[kind.key](bounds.findings.no_difference)
    rivals = [] if lacking else known.rivals.get(kind.key, {}).get(chosen, [])
    if not rivals:
        absent = {"precision": "no_claims", "preferred": "no_survey", "recall": "no_comparison"}[kind.key]
        why = {"precision": "no claims", "preferred": "no survey", "recall": "no vectors to retrieve by"}[kind.key]
        return Part.unmeasured(kind.name, rule, lacking or recorded.text(STEM, absent) or why)
    silent = kind.key in known.silent
    link = recorded.link(STEM, *kind.link)
    reasons = [
        Reason.of(
            rival.measure,
            f"{kind.unit} “{rival.name}”",
            counted=kind.counted,
            said="does not decide" if silent else rival.relation,
            link=link,
        )
        for rival in rivals
    ]
    outcome = "not judged" if silent else _outcome([rival.relation for rival in rivals])
    return Part(name=kind.name, rule=rule, outcome=outcome, measures=reasons)


def _outcome(relations: list[Relation]) -> Outcome:
    """Better than every other one; in part where it is better than some and worse than none."""
    whole, some = against_all(relations), by_measures(relations)
    return whole if whole == "yes" else "in part" if some == "yes" else some


def _claims_rule(margin: float) -> str:
    points = number(100 * margin, 0)
    return (
        f"Precision {points} points above every other’s, by a test over clips; not of one who says less that is true."
    )


def _people_rule(margin: float) -> str:
    most, alike = number(50 + 100 * margin, 0), span(50 - 100 * margin, 50 + 100 * margin, 0)
    return (
        f"Ranked above every other one by {most} % of ballots, by a test over respondents; {alike} % is no difference."
    )


def _recall_rule(margin: float) -> str:
    points = number(100 * margin, 0)
    return (
        f"Video-to-text R@1 {points} points above every other’s, by McNemar’s test; ±{points} points is no difference."
    )


_RULES: dict[str, Callable[[float], str]] = {
    "precision": _claims_rule,
    "preferred": _people_rule,
    "recall": _recall_rule,
}


def _action(known: Evidence, chosen: str, parts: list[Part]) -> str:
    """The captioner to use, and what would decide what is open."""
    if known.rivals.keys() <= known.silent.keys():
        return sentence(["no measure decides", *known.silent.values(), "ask people (make survey)"])
    relations = known.relations(chosen)
    how = {kind.key: kind.how for kind in KINDS}
    better = {
        other: [how[key] for key, it in said.items() if it == "worse"]
        for other, said in relations.items()
        if by_measures([*said.values()]) == "no" and "worse" in said.values()
    }
    if better:
        other, ways = max(better.items(), key=lambda one: len(one[1]))
        return sentence([f"caption with “{other}”, which is better {listed(ways)} than “{chosen}”"])
    clauses = [f"caption with “{chosen}”"]
    equal = sorted(other for other, said in relations.items() if said and set(said.values()) == {"no difference"})
    if equal:
        clauses[0] += f" or “{equal[0]}”, which does as well"
    clauses += _conflicts(relations, how, chosen)
    for kind in KINDS:
        rivals = [] if kind.key in known.silent else known.rivals.get(kind.key, {}).get(chosen, [])
        still_open = [rival for rival in rivals if rival.relation == "not shown" and rival.needed]
        if still_open:
            most = max(still_open, key=lambda rival: rival.many)
            clauses.append(f"some {most.needed} would decide against “{most.name}” {kind.how}")
    if parts[1].outcome == "not answered":
        clauses.append("ask people as well (make survey)")
    return sentence(clauses)


def _conflicts(relations: dict[str, dict[str, Relation]], how: dict[str, str], chosen: str) -> list[str]:
    """What measures that contradict each other say of each pair."""
    clauses = []
    for other, said in relations.items():
        if {"better", "worse"} <= {*said.values()}:
            ways = {it: listed([how[key] for key, one in said.items() if one == it]) for it in ("better", "worse")}
            clauses.append(f"against “{other}”, “{chosen}” is better {ways['better']} and worse {ways['worse']}")
    return clauses


def _note(recorded: Recorded, known: Evidence, chosen: str) -> str:
    sentences = []
    how = {kind.key: kind.how for kind in KINDS}
    silent = [how[key] for key in known.silent if key in known.rivals]
    if recorded.flag(STEM, "stand_in"):
        sentences.append("TMR stands in for a video-text model and sees no video.")
    if silent:
        sentences.append(f"Nothing is decided {listed(silent)}: true captions are not shown to rank above false ones.")
    others = [name for name in known.names if name != chosen and best(known, name) == "yes"]
    if chosen and others:
        sentences.append(f"By this rule the best one is “{others[0]}”.")
    ballots, clips = (recorded.quoted(STEM, name) for name in ("ballots", "items"))
    if ballots and clips:
        sentences.append(f"N of ballots are respondents, who filled in {ballots} on {clips} clips.")
    return " ".join(sentences)
