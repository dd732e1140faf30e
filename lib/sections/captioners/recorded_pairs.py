"""What 03 recorded of every pair of captioners by each measure, the tests corrected together, as the rule reads it."""

from dataclasses import dataclass

from lib.answers.recorded import Recorded
from lib.metrics.decision import Relation, relation
from lib.metrics.intervals import Measure
from lib.metrics.p_values import holm

STEM = "03_captioner_comparison"


@dataclass(frozen=True)
class Kind:
    """A measure by which captioners are compared.

    Args:
        key: of its values.
        name: of its part of the answer.
        how: as an action says it.
        by: as the answer says it, behind "by".
        unit: what a difference is of, before the rival's name.
        counted: what its N counts.
        link: anchor and file of what shows it.
        middle: the value of no difference.
        scale: of the margin.
        needed: what more of would decide; empty where that is not recorded.
    """

    key: str
    name: str
    how: str
    by: str
    unit: str
    counted: str
    link: tuple[str, str]
    middle: float = 0.0
    scale: float = 100.0
    needed: str = ""


CLAIMS = Kind(
    "precision",
    "On claims",
    "on claims",
    "true claims",
    "of precision against",
    "base clips",
    ("tbl-claim-pairs", "claim_pairs.html"),
)
PEOPLE = Kind(
    "preferred",
    "With people",
    "with people",
    "people’s rankings",
    "of ballots rank it above",
    "respondents",
    ("tbl-pairs", "pairs.html"),
    middle=0.5,
    scale=1.0,
    needed="respondents",
)
RECALL = Kind(
    "recall",
    "On retrieval",
    "on retrieval",
    "retrieval",
    "of R@1 against",
    "test clips",
    ("fig-differences", "differences.png"),
    needed="clips",
)
KINDS = (CLAIMS, PEOPLE, RECALL)


@dataclass(frozen=True)
class Rival:
    """A captioner against another one by one measure.

    Args:
        name: the other captioner.
        measure: the difference to it in points, or the share of ballots that rank the first above it.
        relation: what interval, test and margin say.
        needed: how many clips or respondents would distinguish the two, as prose quotes it; empty where not said.
        many: the same as a number.
    """

    name: str
    measure: Measure
    relation: Relation
    needed: str = ""
    many: float = 0.0


@dataclass(frozen=True)
class Evidence:
    """What a run recorded of its captioners, with the tests corrected together.

    Args:
        names: the captioners.
        rivals: by measure and captioner, the others it was compared with, the closest first.
        silent: by measure that does not decide, why not.
    """

    names: list[str]
    rivals: dict[str, dict[str, list[Rival]]]
    silent: dict[str, str]

    def relations(self, name: str) -> dict[str, dict[str, Relation]]:
        """By rival, what each measure that decides says of a captioner."""
        deciding = [kind for kind in self.rivals if kind not in self.silent]
        table: dict[str, dict[str, Relation]] = {other: {} for other in self.names if other != name}
        for kind in deciding:
            for rival in self.rivals[kind].get(name, []):
                table[rival.name][kind] = rival.relation
        return table


def evidence(recorded: Recorded, *, margin: float, level: float) -> Evidence:
    """What a run recorded of its captioners.

    Args:
        recorded: the results of the run.
        margin: the largest difference that matters to nobody, as a share.
        level: of the tests of all pairs by all measures that decide, together.

    Example:
        >>> evidence(Recorded({}), margin=0.05, level=0.05).names
        []
    """
    names = [recorded.text(STEM, f"captioner_{index}") for index in numbers(recorded, "captioners")]
    silent = {kind.key: why for kind, why in zip(KINDS, _silence(recorded), strict=True) if why}
    pairs = [f"pair_{index}" for index in numbers(recorded, "pairs")]
    deciding = [(pair, kind.key) for pair in pairs for kind in KINDS if kind.key not in silent]
    sure = _sure(recorded, deciding, level) | _sure(recorded, [(pair, "true_claims") for pair in pairs], level)
    rivals: dict[str, dict[str, list[Rival]]] = {}
    for kind in KINDS:
        rivals[kind.key] = {name: _rivals(recorded, kind, name, pairs, sure, margin) for name in names}
    return Evidence(names, {key: of for key, of in rivals.items() if any(of.values())}, silent)


def _silence(recorded: Recorded) -> tuple[str, str, str]:
    """Why each measure of `KINDS` does not decide; empty where it does."""
    claims, people = recorded.measure(STEM, "claims_above_chance"), recorded.measure(STEM, "alpha")
    by_chance = "claims are not shown to be truer of a caption’s own clip than of others"
    random = "respondents are not shown to agree more than chance"
    return (
        by_chance if claims is not None and claims.low <= 0 else "",
        random if people is not None and people.low <= 0 else "",
        recorded.text(STEM, "recall_blind"),
    )


def _sure(recorded: Recorded, tests: list[tuple[str, str]], level: float) -> dict[tuple[str, str], bool]:
    """Which tests distinguish their pair, corrected for all of those given; those not recorded are left out."""
    p = {(pair, key): recorded.number(STEM, f"{pair}_{key}_p") for pair, key in tests}
    known = {test: value for test, value in p.items() if value is not None}
    return {test: bool(adjusted <= level) for test, adjusted in zip(known, holm([*known.values()]), strict=True)}


def _rivals(
    recorded: Recorded, kind: Kind, name: str, pairs: list[str], sure: dict[tuple[str, str], bool], margin: float
) -> list[Rival]:
    """The others by one measure, the closest first; a pair that has the captioner second is turned about."""
    rivals = []
    for pair in pairs:
        first, second = recorded.text(STEM, f"{pair}_first"), recorded.text(STEM, f"{pair}_second")
        measure = recorded.measure(STEM, f"{pair}_{kind.key}")
        if measure is None or name not in (first, second):
            continue
        about = _turned(measure, kind.middle) if name == second else measure
        said = _relation(about, kind.middle, margin * kind.scale, sure.get((pair, kind.key), False))
        if kind is CLAIMS and (told := recorded.measure(STEM, f"{pair}_true_claims")) is not None:
            told = _turned(told, 0.0) if name == second else told
            more = _relation(told, 0.0, margin, sure.get((pair, "true_claims"), False))
            said = "not shown" if {said, more} == {"better", "worse"} else said
        needed = f"{pair}_{kind.needed}_needed"
        quoted = (recorded.quoted(STEM, needed), recorded.number(STEM, needed) or 0.0) if kind.needed else ()
        rivals.append(Rival(second if name == first else first, about, said, *quoted))
    return sorted(rivals, key=lambda rival: rival.measure.low)


def _relation(measure: Measure, middle: float, margin: float, sure: bool) -> Relation:
    """What interval and test say together: without the test nothing is better, within the margin nothing is."""
    value, low, high = (end - middle for end in (measure.value, measure.low, measure.high))
    by_interval = relation(value, low, high, margin)
    return by_interval if sure or by_interval == "no difference" else "not shown"


def _turned(measure: Measure, middle: float) -> Measure:
    value, low, high = (2 * middle - end for end in (measure.value, measure.high, measure.low))
    return Measure(value, low, high, measure.n, measure.unit, 2 if measure.unit == "claims" else 1)


def numbers(recorded: Recorded, count: str) -> range:
    """The numbers that stand for the captioners or pairs of a run."""
    return range(1, int(recorded.number(STEM, count) or 0) + 1)
