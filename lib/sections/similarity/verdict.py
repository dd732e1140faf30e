"""First question: does the benchmark's test set leak into training?"""

from collections.abc import Sequence

from lib.answers.answer import Answer, Part, Reason, to_answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.base.prose import sentence
from lib.metrics.decision import Outcome, above, above_level, any_of
from lib.metrics.intervals import percent
from lib.sections.similarity.parameters import Similarity

STEM = "01_similarity_test"


def answer(recorded: Recorded, bounds: Bounds, parameters: Similarity) -> Answer:
    """Decides by recording, by text, and by both together; one of them is enough.

    Example:
        >>> answer(Recorded({}), Bounds.of({}), Similarity()).verdict
        'not answered'
    """
    ways = [_by_recording(recorded, parameters), _by_text(recorded, parameters)]
    parts = [_together(recorded, parameters, ways), *ways]
    verdict = any_of([part.outcome for part in parts])
    return Answer(
        key="leak",
        question=f"Does {bounds.benchmark}’s test set leak into its training set?",
        verdict=verdict,
        said=_said(bounds, verdict, ways),
        welcome="no",
        rule="Yes when any part is; no when none is.",
        parts=parts,
        note=sentence([text for text in (_overlap(recorded), recorded.text(STEM, "partial")) if text]),
        action=_action(recorded, verdict, ways),
    )


def _said(bounds: Bounds, verdict: Outcome, ways: Sequence[Part]) -> str:
    """Which way the test set leaks, or why that is open, in one sentence."""
    test, (recording, text) = f"{bounds.benchmark}’s test set", [way.outcome for way in ways]
    if verdict == "yes" and (recording, text) == ("yes", "yes"):
        return f"{test} shares recordings with training and repeats its captions, so its scores reward memory."
    if verdict == "yes" and recording == "yes":
        return f"{test} shares recordings with training, so its scores reward memory."
    if verdict == "yes" and text == "yes":
        return f"{test} repeats captions of training, so its scores reward memory."
    if verdict == "yes":
        return f"{test} leaks by recordings and captions together, though neither shows it alone."
    if verdict == "no":
        return f"{test} shares too few recordings and captions with training to matter."
    if verdict == "not answered":
        return f"Nothing says whether {test} leaks: this run looked at neither recordings nor captions."
    if "not answered" in (recording, text):
        seen = "captions" if recording == "not answered" else "recordings"
        return f"{test} is not shown to leak, but only {seen} were looked at."
    return f"{test} is not shown to leak, and a leak is not ruled out either."


def _action(recorded: Recorded, verdict: Outcome, parts: list[Part]) -> str:
    """The list of test clips to evaluate on, with its count."""
    if verdict == "not answered":
        return to_answer(recorded, STEM, parts)
    if verdict == "no":
        clips = recorded.quoted(STEM, "test_clips")
        return f"Evaluate on the whole test set{f', {clips} clips without mirrors' if clips else ''}."
    clean, asked = (recorded.quoted(STEM, f"leak_free_{what}") for what in ("clips", "of"))
    if not clean:
        return "Rely on no score of this test set: no list of leak-free clips was made."
    if recorded.number(STEM, "leak_free_clips") == 0:
        return "Evaluate on another test set: no clip of this one is free of the leak."
    listed = f"the {clean} of {asked} test clips (mirrors counted) in leak_free_test.txt"
    if verdict == "yes":
        return f"Evaluate on {listed} first, and on all test clips second."
    return f"Report both, all test clips and {listed}: whether the others flatter is not shown."


def _together(recorded: Recorded, parameters: Similarity, ways: Sequence[Part]) -> Part:
    bound, name = parameters.leak_share, "By either"
    rule = f"The interval lies above {percent(bound, 0)} of test clips, and either way is shown by itself, or the "
    rule += "share by text exceeds that of clips from held-out recordings in every draw."
    share, cosine = recorded.measure(STEM, "either_share"), recorded.quoted(STEM, "either_cosine")
    if share is None:
        return Part.unmeasured(name, rule, recorded.lacking(STEM) or "one of the two ways was not looked at")
    outcome, (seen, level) = above(share.low, share.high, bound), _redundancy(recorded)
    if outcome == "yes" and seen <= level and "yes" not in [way.outcome for way in ways]:
        outcome = "not shown"
    label = f"of test clips leak by recording or, at cosine {cosine} or above, by text"
    link = recorded.link(STEM, "tbl-either", "either_way.html")
    reason = Reason.of(share, label, counted="test clips", said=outcome, link=link)
    return Part(name=name, rule=rule, outcome=outcome, measures=[reason])


def _overlap(recorded: Recorded) -> str:
    """How many clips leak, and how the two ways overlap, as a clause; empty where one of them was not looked at."""
    share, clips = recorded.measure(STEM, "either_share"), recorded.quoted(STEM, "either_clips")
    return f"{clips} of {share.n:,} test clips leak: {recorded.text(STEM, 'overlap')}" if share is not None else ""


def _redundancy(recorded: Recorded) -> tuple[float, float]:
    """The share by text beside held-out recordings, and the most that these reach: how captions repeat without leak."""
    held = recorded.measure(STEM, "held_out_share")
    return recorded.number(STEM, "beside_held_out_share") or 0.0, held.high if held is not None else 1.0


def _by_recording(recorded: Recorded, parameters: Similarity) -> Part:
    bound = parameters.leak_share
    rule = f"The interval lies above {percent(bound, 0)} of test clips."
    share = recorded.measure(STEM, "source_share")
    if share is None:
        why = recorded.lacking(STEM) or "nothing says which recordings the clips were cut from"
        return Part.unmeasured("By recording", rule, why)
    outcome = above(share.low, share.high, bound)
    name = "of test clips are cut from a recording that feeds training"
    link = recorded.place(STEM, "shared-share", "source_share")
    reason = Reason.of(share, name, counted="test clips", said=outcome, link=link)
    return Part(name="By recording", rule=rule, outcome=outcome, measures=[reason])


def _by_text(recorded: Recorded, parameters: Similarity) -> Part:
    bound = parameters.leak_share
    rule = f"The interval lies above {percent(bound, 0)} of test clips, and the share exceeds that of clips from "
    rule += "held-out recordings in every draw."
    share, cosine = recorded.measure(STEM, "text_share"), recorded.quoted(STEM, "text_cosine")
    if share is None:
        return Part.unmeasured("By text", rule, recorded.lacking(STEM) or "no captions to compare")
    held, (seen, level) = recorded.measure(STEM, "held_out_share"), _redundancy(recorded)
    outcome = above_level(share.low, share.high, bound, seen=seen, level=level)
    name = f"of test clips have a training caption at cosine {cosine} or above"
    link = recorded.link(STEM, "tbl-text", "text_leak.html")
    reasons = [Reason.of(share, name, counted="test clips", said=outcome, link=link)]
    if held is not None:
        said = "exceeded" if seen > level else "not exceeded"
        name = f"of clips from held-out recordings do, beside {percent(seen)} of test clips in the same training clips"
        reasons.append(Reason.of(held, name, counted="draws", said=said, link=link))
    return Part(name="By text", rule=rule, outcome=outcome, measures=reasons)
