"""A small manifest to start from: loadable as it is, with a README that explains every column."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from lib.base import atomic
from lib.base.errors import CorpusError
from lib.corpus import manifest_seal
from lib.demo.synthesis import Spec, synthesise
from lib.motion.skeleton import JOINT_NAMES, Array, mirror
from lib.own_data import manifest_writer, profile

RECORDED = [
    ("walk_1", "train", "video_a", "calm", Spec("walk", seconds=3.0), "A person walks ahead."),
    ("wave_1", "train", "video_a", "brisk", Spec("wave", seconds=2.5), "Someone stands and waves with one hand."),
    ("kick_1", "val", "video_b", "brisk", Spec("kick", seconds=2.5), "A person kicks with one leg."),
    ("jump_1", "test", "video_c", "calm", Spec("jump", seconds=2.5), "Somebody jumps on the spot."),
]
# What each column of the two tables holds, as people are told it.
CLIP_COLUMNS = {
    "clip_id": "text, one of its own for each clip, fit to name a file",
    "split": "`train`, `val` or `test`; each needs a clip with consent",
    "fps": "frames a second; features are defined at 20, another rate is reported",
    "n_frames": "poses of the clip in `joints.npy`; empty without motion",
    "offset": "row of the clip's first pose in `joints.npy`; empty without motion, or with a file a clip",
    "source": "the recording the clip was cut from; clips of one recording in two splits are a leak",
    "body_mode": "`full` or `upper`",
    "person_count": "people in the recording, a whole number",
    "consent": "`true` lets the clip into the report; `false` or empty: the row is counted and never shown",
    "mirror_of": "`clip_id` of the clip that this one mirrors, or empty",
}
CAPTION_COLUMNS = {
    "clip_id": "the clip that the sentence describes",
    "caption_id": "text, one of its own for each caption",
    "text": "the sentence, as written",
    "captioner": "who or what wrote it; `human` are people, any other name is a captioner to compare",
    "tokens": "`word/POS word/POS …`, or empty: then spaCy tags it by HumanML3D's rule",
    "start_s": "second where the part described begins; 0 and 0 are the whole clip",
    "end_s": "second where it ends, not before `start_s`",
}
OTHER_COLUMNS = "Any further column of `clips.parquet` is kept as a label of the clip, such as `style` here."
README = """\
# An example manifest

Two tables and one array: what `kind: manifest` in a parameter file reads. The motions are synthetic. Replace the rows
by your own, or start anew; then look the folder over and make the report, from the project's folder:

    python -m lib corpus check {folder}
    make report PARAMS={folder}/params.yml

From BVH files all of this is made for you: `python -m lib corpus import --help`.

## clips.parquet, one row a clip

{clip_columns}

{extra}

{clips}

`walk_1_mirror` is the mirror image of `walk_1`. `refused` has no consent, so nothing of it was written but the row that
counts it.

## captions.parquet, one row a sentence

{caption_columns}

{captions}

## joints.npy

int16 millimetres of shape (all poses, 22, 3): the clips one after another, {poses:,} poses here. Joints in HumanML3D's
order, Y up, lowest joint of a clip on the floor, first pelvis over the origin, facing +Z:
{joints}.

Instead of it there may be `joints/<clip_id>.npy` a clip, or `features.npy` (all rows, 263) in float16 or float32.

## Writing it from Python

```python
import numpy as np
import pandas as pd

clips = pd.read_parquet("clips.parquet")
captions = pd.read_parquet("captions.parquet")
joints = np.load("joints.npy")

one = {{"clip_id": "walk_2", "split": "train", "fps": 20.0, "n_frames": 60, "offset": len(joints), "source": "video_d",
       "body_mode": "full", "person_count": 1, "consent": True, "mirror_of": None, "style": "calm"}}
told = {{"clip_id": "walk_2", "caption_id": "walk_2#0", "text": "A person walks.", "captioner": "human", "tokens": None,
        "start_s": 0.0, "end_s": 0.0}}
motion = joints[:60]  # metres: np.rint(1000 * metres).astype(np.int16)

pd.concat([clips, pd.DataFrame([one])], ignore_index=True).to_parquet("clips.parquet")
pd.concat([captions, pd.DataFrame([told])], ignore_index=True).to_parquet("captions.parquet")
np.save("joints.npy", np.concatenate([joints, motion]))
```

The clips.parquet that came with this folder tells for which joints.npy it was written, and no other is read with it, so
that no clip is given another's motion. Written as above it tells nothing any more.
"""


def write(folder: Path, *, notebooks: Iterable[profile.Notebook] = (), seed: int = 0) -> None:
    """Writes the example, its README and a parameter file.

    Args:
        folder: a new one, or one that is empty.
        notebooks: those that the parameter file lists.
        seed: of the synthetic motions.

    Raises:
        CorpusError: the folder holds something.
    """
    if folder.is_dir() and manifest_seal.CLIPS in atomic.arrive(folder) and (folder / "README.md").is_file():
        return  # an example that was committed and then killed
    if folder.exists() and not (folder.is_dir() and all(map(atomic.is_part, folder.iterdir()))):
        raise CorpusError("holds something already", where=folder, fix="name a new folder")
    joints = _joints(seed)
    clips, captions = _tables()
    with manifest_writer.writing(folder) as part:
        manifest_writer.write(part, clips, captions, joints)
        (part / "README.md").write_text(_readme(part, folder), encoding="utf-8")
        (part / profile.FILE).write_text(profile.text(folder, folder.resolve().name, notebooks), encoding="utf-8")


def _joints(seed: int) -> dict[str, Array]:
    made: dict[str, Array] = {
        clip_id: synthesise([spec], np.random.default_rng([seed, n]))
        for n, (clip_id, _, _, _, spec, _) in enumerate(RECORDED)
    }
    return {**made, "walk_1_mirror": mirror(made["walk_1"])}


def _tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    rows: list[tuple[object, ...]] = [
        (clip_id, split, source, style, True, None) for clip_id, split, source, style, _, _ in RECORDED
    ]
    rows += [("walk_1_mirror", "train", "video_a", "calm", True, "walk_1")]
    rows += [("refused", "train", "video_d", "calm", False, None)]
    clips = pd.DataFrame(rows, columns=["clip_id", "split", "source", "style", "consent", "mirror_of"])
    clips = clips.assign(body_mode="full", person_count=1)
    told = [(clip_id, text) for clip_id, _, _, _, _, text in RECORDED]
    told += [("walk_1", "Walking straight on."), ("walk_1_mirror", "A person walks ahead.")]
    captions = pd.DataFrame(told, columns=["clip_id", "text"])
    return clips, captions.assign(captioner="human", start_s=0.0, end_s=0.0)


def _readme(written: Path, shown: Path) -> str:
    clips, captions = (pd.read_parquet(written / f"{name}.parquet") for name in ("clips", "captions"))
    return README.format(
        folder=shown,
        clip_columns=_listed(CLIP_COLUMNS),
        extra=OTHER_COLUMNS,
        clips=_shown(clips),
        caption_columns=_listed(CAPTION_COLUMNS),
        captions=_shown(captions),
        poses=int(clips.n_frames.sum()),
        joints=", ".join(JOINT_NAMES),
    )


def _listed(meaning: Mapping[str, str]) -> str:
    return "\n".join(["| column | holds |", "|---|---|", *(f"| `{name}` | {what} |" for name, what in meaning.items())])


def _shown(table: pd.DataFrame) -> str:
    said = [[("" if pd.isna(value) else str(value)) for value in row] for row in table.itertuples(index=False)]
    lines = [list(table.columns), ["---"] * table.shape[1], *said]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
