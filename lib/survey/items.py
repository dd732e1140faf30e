"""What respondents rank: clips that every captioner described, each with its captions under opaque codes."""

import hashlib
import hmac
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.base.errors import CorpusError
from lib.survey.order import checksum, shown_order

CODE_LENGTH = 10
QUESTION = "Rank the captions from 1 (describes the motion best) to {} (worst)."


@dataclass(frozen=True)
class Caption:
    """One captioner's text for a clip, and the code that stands for both on the page."""

    code: str
    captioner: str
    text: str


@dataclass(frozen=True)
class Item:
    """One clip and what each captioner said of it; captions are sorted by code, which tells nothing."""

    code: str
    clip_id: str
    captions: tuple[Caption, ...]

    def shown_to(self, seed: str) -> list[Caption]:
        """The captions in the order in which the page shows them to the respondent of a seed."""
        order = shown_order(seed, self.code, [caption.code for caption in self.captions])
        return sorted(self.captions, key=lambda caption: order.index(caption.code))


@dataclass(frozen=True)
class Survey:
    """The items of one survey, and whether two captions may share a rank."""

    items: tuple[Item, ...]
    ties: bool = False

    @property
    def id(self) -> str:
        """Its checksum, which every export carries: other items, texts or rules, another survey."""
        parts = [part for item in self.items for part in (item.code, *_said(item))]
        return checksum(["ties" if self.ties else "no ties", *parts])

    @property
    def captioners(self) -> list[str]:
        """Who is compared, by name."""
        return sorted({caption.captioner for caption in self.items[0].captions})


def choose(captions: pd.DataFrame, clips: Sequence[str], *, n: int, seed: int, ties: bool = False) -> Survey:
    """Draws the items of a survey.

    Of several captions of one clip by one captioner one is drawn. A larger `n` with the same seed keeps the items of
    the smaller one. Codes depend on the clips' ids and on the seed, which the page does not hold: its reader cannot
    find out which captioner a code stands for, and the makers can derive the key again.

    Args:
        captions: clip_id, caption_id, captioner, text: of the captioners to compare, of whole clips.
        clips: ids of clips that can be shown, one for each recording or mirrored pair.
        n: items wanted; fewer where fewer clips have a caption by every captioner.
        seed: of the draw.
        ties: whether respondents may give two captions the same rank.

    Raises:
        CorpusError: fewer than two captioners, or no clip that all of them described.

    Example:
        >>> said = [("c1", "c1#a", "a", "one"), ("c1", "c1#b", "b", "two"), ("c2", "c2#a", "a", "three")]
        >>> table = pd.DataFrame(said, columns=["clip_id", "caption_id", "captioner", "text"])
        >>> survey = choose(table, ["c1", "c2"], n=5, seed=0)
        >>> [(item.clip_id, survey.captioners) for item in survey.items]
        [('c1', ['a', 'b'])]
    """
    drawn = captions.sort_values("caption_id").sample(frac=1, random_state=seed)
    drawn = drawn.drop_duplicates(["clip_id", "captioner"]).sort_values(["clip_id", "captioner"])
    names = sorted(set(drawn.captioner))
    if len(names) < 2:
        there = f"only {names[0]!r}" if names else "none"
        raise CorpusError(f"a survey compares two captioners or more, and there is {there}", fix="add captions")
    covered = drawn[drawn.clip_id.isin(set(clips))].groupby("clip_id").captioner.nunique()
    shared = sorted(covered.index[covered == len(names)])
    if not shared:
        raise CorpusError(
            f"no clip that can be shown has a caption by each of {', '.join(names)}", fix="name fewer captioners"
        )
    chosen = np.random.default_rng(seed).permutation(shared)[:n].tolist()
    rows = {clip: drawn[drawn.clip_id == clip] for clip in chosen}
    secret = json.dumps([seed, {clip: rows[clip][["captioner", "text"]].values.tolist() for clip in sorted(rows)}])
    return Survey(tuple(_item(clip, rows[clip], secret) for clip in chosen), ties)


def of_captioners(
    captions: pd.DataFrame,
    names: Collection[str] = (),
    settings: Mapping[str, Mapping[str, Any]] | None = None,
) -> pd.DataFrame:
    """Captions of whole clips by the captioners to compare, each in the setting asked for.

    Args:
        captions: as `lib.corpus.captioners.compared` has them.
        names: the captioners; without any, all there are.
        settings: by captioner, the columns a caption must match, such as prompt and temperature.

    Raises:
        CorpusError: a captioner or a setting that has no captions.
    """
    kept = captions[(captions.start_s == 0) & (captions.end_s == 0)]
    there = sorted(set(kept.captioner))
    if unknown := sorted(set(names) - set(there)):
        raise CorpusError(f"no captions by {unknown[0]!r}", fix=f"there are {', '.join(there)}")
    kept = kept[kept.captioner.isin(set(names or there))]
    for name, wanted in (settings or {}).items():
        own = kept.captioner == name
        for column, value in wanted.items():
            kept = kept[~own | (kept[column] == value)] if column in kept else kept[~own]
            own = kept.captioner == name
        if not own.any():
            raise CorpusError(f"no captions by {name!r} with {dict(wanted)}", fix="see the columns of the captions")
    return kept


def _item(clip: str, rows: pd.DataFrame, secret: str) -> Item:
    said = [Caption(_code(secret, clip, row.captioner), str(row.captioner), str(row.text)) for row in rows.itertuples()]
    return Item(_code(secret, clip), clip, tuple(sorted(said, key=lambda caption: caption.code)))


def _code(secret: str, *names: object) -> str:
    # Letters only: a spreadsheet would take some hexadecimal codes for numbers.
    named = hmac.new(secret.encode("utf-8", "replace"), json.dumps(names).encode(), hashlib.sha256).digest()
    return "".join(chr(ord("a") + byte % 26) for byte in named[:CODE_LENGTH])


def _said(item: Item) -> list[str]:
    return [part for caption in item.captions for part in (caption.code, caption.text)]
