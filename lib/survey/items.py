"""What respondents rank: clips that every captioner described, each with its captions under opaque codes."""

import hashlib
import hmac
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from lib.base.errors import CorpusError
from lib.survey.order import checksum, shown_order
from lib.survey.parameters import Mode

CODE_LENGTH = 10
QUESTION = "Rank the captions from 1 (describes the motion best) to {} (worst)."
WHICH = "Which caption describes the motion better?"


@dataclass(frozen=True)
class Caption:
    """One captioner's text for a clip, and the code that stands for both on the page."""

    code: str
    captioner: str
    text: str


@dataclass(frozen=True)
class Item:
    """One clip and what captioners said of it; captions are sorted by code, which tells nothing.

    Attributes:
        code: what stands for it on the page.
        clip_id: the clip shown.
        captions: two or more.
        repeats: code of the item that asks the same; empty where it is the first of its kind.
        false: code of the caption that is another clip's, in a gold item; else empty.
        false_from: that clip.
    """

    code: str
    clip_id: str
    captions: tuple[Caption, ...]
    repeats: str = ""
    false: str = ""
    false_from: str = ""

    def shown_to(self, seed: str) -> list[Caption]:
        """The captions in the order in which the page shows them to the respondent of a seed."""
        order = shown_order(seed, self.code, [caption.code for caption in self.captions])
        return sorted(self.captions, key=lambda caption: order.index(caption.code))


@dataclass(frozen=True)
class Survey:
    """The items of one survey, how they are asked, and whether two captions may share a rank."""

    items: tuple[Item, ...]
    ties: bool = False
    mode: Mode = "ranking"

    @property
    def id(self) -> str:
        """Its checksum, which every export carries: other items, texts or rules, another survey."""
        parts = [part for item in self.items for part in (item.code, *_said(item))]
        rules = "ties" if self.ties else "no ties"
        return checksum([f"pairwise, {rules}" if self.mode == "pairwise" else rules, *parts])

    @property
    def captioners(self) -> list[str]:
        """Who is compared, by name."""
        return sorted({caption.captioner for item in self.items for caption in item.captions})

    @property
    def asked(self) -> list[Item]:
        """The items whose answers compare captioners: neither repeated nor gold."""
        return [item for item in self.items if not item.repeats and not item.false]


def choose(
    captions: pd.DataFrame,
    clips: Sequence[str],
    *,
    n: int,
    seed: int,
    ties: bool = False,
    mode: Mode = "ranking",
    repeats: int = 0,
    gold: int = 0,
) -> Survey:
    """Draws the items of a survey.

    Of several captions of one clip by one captioner one is drawn. A larger `n` with the same seed keeps the items of
    the smaller one. Codes depend on the clips' ids and on the seed, which the page does not hold: its reader cannot
    find out which captioner a code stands for, and the makers can derive the key again.

    Pairwise, each clip shows one pair of captioners, and every pair gets equally many clips but for one. A repeated
    item has codes of its own, and a gold one shows as many captions as any; with either, items are in the order of
    their codes, so that nothing on the page tells which they are but that a repeated one reads the same.

    Args:
        captions: clip_id, caption_id, captioner, text: of the captioners to compare, of whole clips.
        clips: ids of clips that can be shown, one for each recording or mirrored pair.
        n: items wanted; fewer where fewer clips have a caption by every captioner.
        seed: of the draw.
        ties: whether respondents may give two captions the same rank.
        mode: whether all captions of a clip are ranked, or two of them compared.
        repeats: how many items are asked twice; at most all.
        gold: items on further clips, in which one caption is another clip's, of those that no item shows the one with
            the fewest words in common; fewer where clips run out, or all are described alike.

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
    order: list[str] = np.random.default_rng(seed).permutation(shared).tolist()
    rows = {str(clip): own for clip, own in drawn.groupby("clip_id")}
    said = {clip: rows[clip][["captioner", "text"]].values.tolist() for clip in sorted(order[:n])}
    secret = json.dumps([seed, said])
    dice = np.random.default_rng([seed, 1])
    pairs = dice.permutation(np.array(list(combinations(names, 2)))).tolist()
    shown = {
        clip: rows[clip][rows[clip].captioner.isin(pairs[at % len(pairs)])] if mode == "pairwise" else rows[clip]
        for at, clip in enumerate(order)
    }
    items = [_item(clip, shown[clip], secret) for clip in order[:n]]
    checks = [_again(item, secret) for item in items[:repeats]]
    tested, spare = order[n : n + gold], order[n + gold :]
    for clip in tested:
        others = [other for other in spare or order if other != clip and not {*rows[other].text} & {*rows[clip].text}]
        if not others:
            continue
        alike = [_alike(rows[clip].text, rows[other].text) for other in others]
        other = others[int(np.argmin(alike))]
        spare = [one for one in spare if one != other]
        checks.append(_gold(_item(clip, shown[clip], secret), rows[other], other, dice))
    if checks:
        items = sorted([*items, *checks], key=lambda item: item.code)
    return Survey(tuple(items), ties, mode)


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


def _again(item: Item, secret: str) -> Item:
    """The same item under other codes."""
    named = [replace(caption, code=_code(secret, "again", caption.code)) for caption in item.captions]
    captions = tuple(sorted(named, key=lambda caption: caption.code))
    return Item(_code(secret, "again", item.code), item.clip_id, captions, repeats=item.code)


def _gold(item: Item, others: pd.DataFrame, clip: str, dice: np.random.Generator) -> Item:
    """The item with what one captioner said of another clip in the place of its own caption."""
    at = int(dice.integers(len(item.captions)))
    false = item.captions[at]
    text = str(others.text[others.captioner == false.captioner].iloc[0])
    captions = (*item.captions[:at], replace(false, text=text), *item.captions[at + 1 :])
    return replace(item, captions=captions, false=false.code, false_from=clip)


def _alike(first: Iterable[str], second: Iterable[str]) -> float:
    """The share of words that two sets of captions have in common."""
    words = [set(re.findall(r"\w+", " ".join(map(str, texts)).lower())) for texts in (first, second)]
    return len(words[0] & words[1]) / max(len(words[0] | words[1]), 1)


def _code(secret: str, *names: object) -> str:
    # Letters only: a spreadsheet would take some hexadecimal codes for numbers.
    named = hmac.new(secret.encode("utf-8", "replace"), json.dumps(names).encode(), hashlib.sha256).digest()
    return "".join(chr(ord("a") + byte % 26) for byte in named[:CODE_LENGTH])


def _said(item: Item) -> list[str]:
    return [part for caption in item.captions for part in (caption.code, caption.text)]
