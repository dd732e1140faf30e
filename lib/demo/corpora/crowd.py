"""Captions as crowd workers write them: lower case, short, now and then mistyped."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lib.demo.corpora.crowd_phrases import CORES, DIRECTIONS, SAID_STYLES, SPEEDS, STYLES
from lib.demo.corpora.scenes import SCENES
from lib.demo.corpora.sentence import Sentence, comma, mistyped, phrase
from lib.demo.corpora.slots import choice, slots
from lib.demo.corpora.words import Word
from lib.demo.synthesis import ACTIONS, Spec

SUBJECTS = (
    *(("a person",) * 12),
    *(("the person",) * 5),
    *(("a man",) * 4),
    *(("person",) * 2),
    *(
        "someone",
        "someone",
        "the man",
        "the man",
        "a figure",
        "the figure",
        "a woman",
        "he",
        "a guy",
        "somebody",
        "a human figure",
    ),
)
FRAMES = (*(("s",) * 9), "is ing", "is ing", "ing", "start", "seem", "see")
JOINTS = ("and", "then", ", then", "and then", "and then", "before", ", after that", "and afterwards")
SAME = {"left": "side", "right": "side", "clockwise": "circle", "counterclockwise": "circle"}
TYPOS = 0.03


def scenes_for(specs: Sequence[Spec], rng: np.random.Generator, *, held_out: bool = False) -> list[str]:
    """A place or purpose for each action of a clip, which its captions may or may not mention.

    Args:
        specs: what is performed.
        rng: source of randomness.
        held_out: draw from the scenes kept for clips outside the training split (every fourth).
    """
    pools = [[s for i, s in enumerate(SCENES[spec.action]) if (i % 4 == 3) == held_out] for spec in specs]
    return [choice(pool, rng) for pool in pools]


def caption(specs: Sequence[Spec], scenes: Sequence[str], rng: np.random.Generator, *, detail: float = 0.5) -> Sentence:
    """One worker's sentence about a clip.

    Args:
        specs: what is performed, in order; every action is mentioned.
        scenes: one detail an action.
        rng: source of randomness.
        detail: chance that a manner or a scene is mentioned.
    """
    form, words = _opening(rng)
    meaning: set[str] = set()
    for place, (spec, scene) in enumerate(zip(specs, scenes, strict=True)):
        if place:
            joint = choice(JOINTS, rng)
            if joint.startswith(","):
                words, joint = comma(words), joint[2:]
            words += phrase(joint, form)
            form = "ing" if joint == "before" else form
        part, said = _part(spec, scene, form, rng, detail)
        words += part
        meaning |= said
    if words[1].text == "woman":
        words = [replace(w, text="her", lemma="her") if w.text == "his" else w for w in words]
    if rng.random() < TYPOS:
        words = mistyped(words, rng)
    return Sentence(tuple(words), frozenset(meaning), "." if rng.random() < 0.55 else "")


def _opening(rng: np.random.Generator) -> tuple[str, list[Word]]:
    subject, frame = choice(SUBJECTS, rng), choice(FRAMES, rng)
    if frame == "is ing":
        return "ing", phrase(f"{subject} is", "s")
    if frame == "start":
        return "ing", phrase(f"{subject} @start", "s")
    if frame == "seem":
        return "base", phrase(f"{subject} @{choice(('seem', 'appear'), rng)} to~PART", "s")
    if frame == "see":
        return "ing", [*phrase(f"{subject} can be", "s"), Word("seen", "VERB", "see")]
    return frame, phrase(subject, "s")


def _part(spec: Spec, scene: str, form: str, rng: np.random.Generator, detail: float) -> tuple[list[Word], set[str]]:
    key = f"{spec.action}:{spec.style}"
    name = key if key in SAID_STYLES else spec.action
    core = choice(CORES[name], rng)
    mention = rng.random(4) < (max(detail, 0.7), detail, max(detail, 0.8), detail)
    said = {f"act {name}"}
    still = spec.direction == "forward" and not ACTIONS[spec.action].locomotion
    directions = DIRECTIONS["ahead" if still else spec.direction] if mention[0] else ("",)
    filled = slots(spec, directions, ("the", "their", "his", "the"), rng)
    if mention[0] and spec.direction and "{dir}" in core:
        said.add(f"dir {SAME.get(spec.direction, spec.direction)}")
    words = phrase(core, form, filled)
    manners = []
    if mention[1] and spec.speed != "normal":
        manners.append(choice(SPEEDS[spec.speed], rng))
        said.add(f"speed {spec.speed}")
    if mention[2] and spec.style in STYLES:
        manners.append(choice(STYLES[spec.style], rng))
        said.add(f"style {spec.style}")
    if mention[3]:
        manners.append(scene)
        said.add(f"scene {scene}")
    for manner in manners:
        if manner.endswith("ly") and " " not in manner and rng.random() < 0.5:
            words = [*phrase(manner, form), *words]
        else:
            words += phrase(manner, form)
    return words, said
