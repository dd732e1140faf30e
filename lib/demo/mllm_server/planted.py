"""Faults that are planted in the answers of a simulated captioner, drawn by a seed, and how many there are of each."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

WORDING: Mapping[str, Callable[[str], str]] = {
    "refusal": lambda text: "I'm sorry, I cannot describe the person in this video.",
    "language": lambda text: "Eine Person geht langsam nach vorne und hebt dann den linken Arm.",
    "fence": lambda text: f"```\n{text}\n```",
    "meta": lambda text: f"In this video, {text[:1].lower()}{text[1:]}",
    "loop": lambda text: f"{text} {text} {text}",
    "cut": lambda text: f"{text.rstrip('.')} and then the",
}
"""What is made of a caption, by the name that `lib.captioning.hygiene_text.FAULTS` has for it."""
DELIVERY = {"blocked": "blocked", "empty": "empty", "rate": "429:1", "server": "500"}
"""What the server does, by the class that `lib.captioning.failures.FAILURES` has for it."""
ONCE = frozenset({"rate", "server"})
"""Those that the next request about the same video does not meet."""


@dataclass(frozen=True)
class Planted:
    """Faults of one captioner.

    Attributes:
        wording: the kind of what is made of every caption of a video, by the SHA-256 of its file.
        faults: of the server, as `MLLMServer` takes them.
        counts: captions with each fault of wording, and requests that meet each fault of the server.
    """

    wording: Mapping[str, str]
    faults: Mapping[str, Sequence[str]]
    counts: Mapping[str, int]


def plant(videos: Sequence[str], questions: int, rng: np.random.Generator) -> Planted:
    """Draws a sixth to a third of the videos and plants one fault in each, as many of every kind as can be.

    Args:
        videos: SHA-256 of the files, none twice.
        questions: how often each is asked about.
        rng: source of randomness.

    Example:
        >>> planted = plant([str(number) for number in range(60)], 2, np.random.default_rng(0))
        >>> sorted(planted.counts) == sorted({**WORDING, **DELIVERY}), planted.counts["refusal"] % 2
        (True, 0)
    """
    count = int(rng.integers(len(videos) // 6, len(videos) // 3 + 1))
    kinds = rng.permutation([*WORDING, *DELIVERY])
    drawn = {videos[place]: str(kinds[n % len(kinds)]) for n, place in enumerate(rng.permutation(len(videos))[:count])}
    counts: Counter[str] = Counter()
    for kind in drawn.values():
        counts[kind] += 1 if kind in ONCE else questions
    wording = {video: kind for video, kind in drawn.items() if kind in WORDING}
    faults = {
        video: [DELIVERY[kind]] * (1 if kind in ONCE else questions)
        for video, kind in drawn.items()
        if kind in DELIVERY
    }
    return Planted(wording, faults, dict(sorted(counts.items())))
