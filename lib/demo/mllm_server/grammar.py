"""What the simulated models say about a video: sentences of the demo's grammar, with the faults of its captioners."""

import json
from collections.abc import Mapping, Sequence

import numpy as np

from lib.base.hashes import text_sha256
from lib.demo.corpora.captioners import CAPTIONERS, PROMPTS, TEMPERATURES, misread
from lib.demo.corpora.mllm import description
from lib.demo.mllm_server.planted import WORDING
from lib.demo.synthesis import Spec

UNKNOWN = "A person moves."
"""About a video of which nothing is known."""


class Grammar:
    """Captions by the content of a video; the model's name chooses among the simulated captioners.

    Args:
        performed: what is performed in each video, by the SHA-256 of its file.
        wording: likewise what is made of its captions, of `planted.WORDING`.
    """

    def __init__(self, performed: Mapping[str, Sequence[Spec]], wording: Mapping[str, str] | None = None) -> None:
        self.performed, self.wording = performed, wording or {}

    def say(self, sha256: str, model: str, prompt: str, temperature: float, *, structured: bool) -> str:
        """The caption of a video, always the same for the same question.

        Args:
            sha256: of the video.
            model: a name of `lib.demo.corpora.captioners.CAPTIONERS`; any other one sees what there is.
            prompt: of the question.
            temperature: at which it slips, more often the higher it is.
            structured: whether JSON is asked for.
        """
        specs = self.performed.get(sha256)
        if not specs:
            return json.dumps(_form(UNKNOWN, [])) if structured else UNKNOWN
        rng = np.random.default_rng(int(text_sha256(f"{sha256} {model} {prompt} {temperature}")[:12], 16))
        captioner = CAPTIONERS.get(model, CAPTIONERS["detailed"])
        slip = max((value for heat, value in TEMPERATURES.items() if heat <= temperature), default=0.0)
        seen = misread(captioner.take(specs, rng), slip + (min(PROMPTS.values()) if structured else 0.0), rng)
        text = description(seen, 1, rng).text
        if (kind := self.wording.get(sha256)) is not None:
            text = WORDING[kind](text)
        return json.dumps(_form(text, seen)) if structured else text


def _form(text: str, specs: Sequence[Spec]) -> dict[str, object]:
    parts = [f"{spec.side} side" for spec in specs if spec.side]
    return {
        "action": [spec.action for spec in specs],
        "body_parts": parts or ["whole body"],
        "direction": next((spec.direction for spec in specs if spec.direction), "none"),
        "count": 1,
        "style": next((spec.style for spec in specs if spec.style), "normal"),
        "caption": text,
    }
