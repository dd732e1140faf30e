"""A small survey, and a respondent who fills it in as the page would."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lib.survey.items import Survey, choose
from lib.survey.key import Key
from lib.survey.responses import FORMAT

CAPTIONERS = ["alpha", "beta", "gamma"]


def table(clips: int, captioners: list[str] = CAPTIONERS) -> pd.DataFrame:
    rows = [(f"clip{n}", f"clip{n}#{who}", who, f"{who} says {n}") for n in range(clips) for who in captioners]
    return pd.DataFrame(rows, columns=["clip_id", "caption_id", "captioner", "text"])


@pytest.fixture
def said():
    return table


@pytest.fixture
def survey() -> Survey:
    return choose(table(4), [f"clip{n}" for n in range(4)], n=4, seed=3)


@pytest.fixture
def key(survey: Survey) -> Key:
    return Key.of(survey, "made-up")


class Respondent:
    """Ranks captioners in the order of their names, unless told otherwise."""

    def __init__(self, survey: Survey, folder: Path) -> None:
        self.survey, self.folder = survey, folder

    def export(self, name: str = "r1", seed: str = "kzq", **changes: Any) -> dict[str, Any]:
        items = []
        for item in self.survey.items:
            best = sorted(caption.captioner for caption in item.captions)
            captions = [
                {"caption": caption.code, "rank": best.index(caption.captioner) + 1, "position": place}
                for place, caption in enumerate(item.shown_to(seed), start=1)
            ]
            items.append({"item": item.code, "seconds": 12.5, "captions": captions})
        export = {"format": FORMAT, "survey": self.survey.id, "respondent": name, "seed": seed, "items": items}
        return export | {"started": "2026-01-01T00:00:00.000Z"} | changes

    def save(self, file: str, export: dict[str, Any]) -> Path:
        path = self.folder / file
        path.write_text(json.dumps(export), encoding="utf-8")
        return path


@pytest.fixture
def respondent(survey: Survey, tmp_path: Path) -> Respondent:
    return Respondent(survey, tmp_path)
