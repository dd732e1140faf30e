"""Four simulated captioners of planted fidelity, and people's captions to hold them against."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from lib.demo.corpora import crowd, crowd_phrases, mllm
from lib.demo.corpora.cuts import Cut
from lib.demo.corpora.scenario import draw_spec
from lib.demo.corpora.scenes import FAMILY
from lib.demo.corpora.sentence import Sentence, comma, phrase
from lib.demo.corpora.slots import choice, slots
from lib.demo.corpora.words import SWAPPED
from lib.demo.synthesis import ACTIONS, Spec

HUMAN = "human"
CLIPS = 200
CONFUSED = 0.8
REPLACED = 0.5
ADDED = 0.3
"""Rates of the two liars: clips with their sides swapped; actions replaced, and clips with an action added."""

PROMPTS = {"describe": 0.2, "body parts": 0.0}
TEMPERATURES = {0.2: 0.0, 1.0: 0.2}
"""What a prompt and a temperature add to the chance that an action is told as another one."""

Specs = Sequence[Spec]
Told = Callable[[Specs, np.random.Generator], Specs]


@dataclass(frozen=True)
class Captioner:
    """What a captioner takes a clip for, how it words that, and whether it was tried in several settings."""

    take: Told
    terse: bool = False
    grid: bool = False


def as_seen(specs: Specs, rng: np.random.Generator) -> Specs:
    """All of it, as it is."""
    return specs


def unqualified(specs: Specs, rng: np.random.Generator) -> Specs:
    """The actions without how, where to and with which limb."""
    return [replace(spec, speed="normal", side=None, direction=None, style=None) for spec in specs]


def confused(specs: Specs, rng: np.random.Generator) -> Specs:
    """Left for right in most clips, as if the performer faced the same way as the camera."""
    if rng.random() >= CONFUSED:
        return specs
    return [
        replace(s, side=SWAPPED.get(s.side or "", s.side), direction=SWAPPED.get(s.direction or "", s.direction))
        for s in specs
    ]


def invented(specs: Specs, rng: np.random.Generator) -> Specs:
    """Actions that were not there, in place of those that were or after them."""
    told = misread(specs, REPLACED, rng)
    return [*told, _other(told[-1], rng)] if rng.random() < ADDED else told


def misread(specs: Specs, rate: float, rng: np.random.Generator) -> list[Spec]:
    """The actions, each replaced by one of another family at a rate."""
    return [_other(spec, rng) if rng.random() < rate else spec for spec in specs]


CAPTIONERS = {
    "detailed": Captioner(as_seen, grid=True),
    "left-right-confused": Captioner(confused),
    "terse": Captioner(unqualified, terse=True),
    "hallucinating": Captioner(invented, grid=True),
}
"""By fidelity, the best first."""


def facts(specs: Specs) -> Counter[str]:
    """What specifications say: each action, and each of its qualifiers.

    Example:
        >>> sorted(facts([Spec("kick", side="left")]))
        ['kick', 'kick side left']
    """
    said = Counter(spec.action for spec in specs)
    for spec in specs:
        told = {"side": spec.side, "direction": spec.direction, "style": spec.style}
        told["speed"] = None if spec.speed == "normal" else spec.speed
        said.update(f"{spec.action} {kind} {value}" for kind, value in told.items() if value)
    return said


def fidelity(told: Specs, true: Specs) -> float:
    """F1 of the facts told against the facts there are.

    Example:
        >>> fidelity([Spec("kick")], [Spec("kick", side="left")])  # doctest: +ELLIPSIS
        0.666...
    """
    said, there = facts(told), facts(true)
    return 2 * (said & there).total() / (said.total() + there.total())


def write_captions(
    clips: Mapping[str, Cut], persons: Mapping[str, int], seed: int
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Captions of every captioner in every setting, for up to `CLIPS` test clips, and the planted truths.

    Args:
        clips: test clips by id.
        persons: how many people each shows.
        seed: of everything random.
    """
    rng = np.random.default_rng([seed, 5])
    ids = sorted(rng.permutation(sorted(clips))[:CLIPS].tolist())
    rows, truth, best = [], [], {}
    for name, captioner in CAPTIONERS.items():
        settings = [(p, t) for p in PROMPTS for t in TEMPERATURES] if captioner.grid else [(None, None)]
        for number, (prompt, temperature) in enumerate(settings):
            slip = PROMPTS.get(prompt or "", 0.0) + TEMPERATURES.get(temperature or 0.0, 0.0)
            told = {i: misread(captioner.take(clips[i].specs, rng), slip, rng) for i in ids}
            for i in ids:
                said = _terse(told[i], rng) if captioner.terse else mllm.description(told[i], persons[i], rng)
                rows.append((i, f"{i}#{name}-{number}", said.text, name, prompt, temperature))
            if captioner.grid and not slip:
                best[name] = {"prompt": prompt, "temperature": temperature}
            reached = float(np.mean([fidelity(told[i], clips[i].specs) for i in ids]))
            truth.append(
                {"captioner": name, "prompt": prompt, "temperature": temperature, "slip": slip, "fidelity": reached}
            )
    for i in ids:
        scenes = crowd.scenes_for(clips[i].specs, rng, held_out=True)
        rows.append((i, f"{i}#{HUMAN}", crowd.caption(clips[i].specs, scenes, rng).text, HUMAN, None, None))
    table = pd.DataFrame(rows, columns=["clip_id", "caption_id", "text", "captioner", "prompt", "temperature"])
    table = table.astype({"prompt": "str", "temperature": "float64"})
    rates = {"sides swapped": CONFUSED, "actions replaced": REPLACED, "actions added": ADDED}
    planted = {"order": list(CAPTIONERS), "human": HUMAN, "clips": len(ids), "rates": rates}
    table = table.assign(tokens=pd.array([None] * len(table), dtype="str"), start_s=0.0, end_s=0.0)
    return table, {**planted, "best": best, "settings": truth}


def _other(spec: Spec, rng: np.random.Generator) -> Spec:
    return draw_spec(choice([a for a in ACTIONS if FAMILY[a] != FAMILY[spec.action]], rng), rng)


def _terse(specs: Specs, rng: np.random.Generator) -> Sentence:
    words = phrase("A person", "s")
    for place, spec in enumerate(specs):
        words = comma(words) + phrase("then", "s") if place else words
        words += phrase(choice(crowd_phrases.CORES[spec.action], rng), "s", slots(spec, ("",), ("the",), rng))
    return Sentence(tuple(words), frozenset(), ".")
