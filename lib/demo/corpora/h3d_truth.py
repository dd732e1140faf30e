"""What was planted in the HumanML3D-like demo corpus; nothing here is measured."""

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from lib.demo.corpora.cuts import Cut
from lib.demo.corpora.sayings import Twin
from lib.demo.corpora.scenario import family
from lib.demo.corpora.sentence import Sentence


def truth(
    cuts: Sequence[Cut],
    ids: Sequence[str],
    said: Sequence[Sequence[Sentence]],
    planted: Sequence[Twin],
    index: pd.DataFrame,
) -> dict[str, Any]:
    """Planted facts for truth.json; of base clips, but a mirror repeats its base, so shares hold with mirrors too."""
    tests = [i for i, cut in enumerate(cuts) if cut.split == "test"]
    test_captions = sum(len(said[i]) for i in tests)
    return {
        "clips": {"base": len(cuts), "with_mirrors": 2 * len(cuts)},
        "captions": {"base": sum(map(len, said)), "with_mirrors": 2 * sum(map(len, said))},
        "near_duplicates": {
            "rule": "test captions that repeat a train caption exactly or but for a full stop or the first article",
            "test_captions": test_captions,
            "test_clips": len(tests),
            "captions": len(planted),
            "clips": len({twin.clip for twin in planted}),
            "caption_share": len(planted) / test_captions,
            "clip_share": len({twin.clip for twin in planted}) / len(tests),
            "pairs": [
                {
                    "test": f"{ids[twin.clip]}#{twin.number}",
                    "train": f"{ids[twin.of_clip]}#{twin.of_number}",
                    "edit": twin.edit,
                }
                for twin in planted
            ],
        },
        "sources": _sources(cuts, ids, tests, index),
        "actions": {ids[i]: [spec.action for spec in cut.specs] for i, cut in _by_id(cuts, ids)},
        "action_mix": _counted(cut.specs[0].action for cut in cuts),
        "verbs": _counted(verb for sentences in said for sentence in sentences for verb in sentence.verbs),
        "families": {ids[i]: family(cut.specs) for i, cut in _by_id(cuts, ids) if family(cut.specs)},
    }


def _sources(cuts: Sequence[Cut], ids: Sequence[str], tests: Sequence[int], index: pd.DataFrame) -> dict[str, Any]:
    leaks = {
        "shared": ("apart", "overlap", "half"),
        "overlapping": ("overlap", "half"),
        "overlapping_by_half": ("half",),
    }
    found: dict[str, Any] = {"test_clips": len(tests)}
    for name, kinds in leaks.items():
        found[f"{name}_ids"] = sorted(ids[i] for i in tests if cuts[i].leak in kinds)
        found[name] = len(found[f"{name}_ids"])
    folder = dict(zip(index.new_name.str.removesuffix(".npy"), index.source_path.map(_subject), strict=True))
    trained = {folder[ids[i]] for i, cut in enumerate(cuts) if cut.split == "train"}
    found["same_subject_folder"] = sum(folder[ids[i]] in trained for i in tests)
    return found


def _subject(path: str) -> str:
    return str(PurePosixPath(path).parent)


def _by_id(cuts: Sequence[Cut], ids: Sequence[str]) -> list[tuple[int, Cut]]:
    return sorted(enumerate(cuts), key=lambda pair: ids[pair[0]])


def _counted(names: Any) -> dict[str, int]:
    return dict(sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0])))
