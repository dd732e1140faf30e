"""The shares at every threshold, counted and resampled by hand; those of the slider are those of the tables."""

import json
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lib.draw.interactive import threshold
from lib.sections.similarity import slider as thresholds
from lib.sections.similarity.text_leak import HeldOut, hit_share, text_leak

RNG = np.random.default_rng(5)
WORDS = [f"caption {n}" for n in range(90)]
VECTORS = {}
for word in WORDS:
    made = RNG.normal(size=6) + 1.5
    VECTORS[word] = (made / np.linalg.norm(made)).astype(np.float32)


def captions(words: list[str], clips: int) -> pd.DataFrame:
    ids = [f"clip{n % clips}" for n in range(len(words))]
    return pd.DataFrame(
        {"clip_id": ids, "caption_id": range(len(words)), "base_id": ids, "mirrored": False, "caption": words}
    )


@pytest.fixture(scope="module")
def shares() -> tuple[pd.DataFrame, object, HeldOut]:
    test, train = captions(WORDS[:40], 15), captions(WORDS[40:], 30)
    settings = {"names": ("a", "b"), "thresholds": [0.9, 0.95], "block": 16, "draws": 200}
    leak = text_leak(test, train, VECTORS, rng=np.random.default_rng(7), **settings)
    flags = pd.concat([leak.flags.assign(draw=0), leak.flags.sample(20, random_state=1).assign(draw=1)])
    held = HeldOut(flags, pd.DataFrame())
    return thresholds.shares({"a": leak}, held, draws=200, rng=np.random.default_rng(7)), leak, held


def test_shares_and_intervals_are_those_of_the_audit(shares: tuple) -> None:
    made, leak, _ = shares
    for row in leak.summary[leak.summary["mirrors"] == "without"].itertuples():
        bound = row.threshold if row.scale == "cosine" else 2 * row.threshold - 1
        found = made[(made["interval"] == "95 % CI") & (made["unit"] == row.unit) & np.isclose(made["cosine"], bound)]
        assert found[["share", "low", "high", "n"]].to_numpy()[0] == pytest.approx(
            [row.share, row.low, row.high, row.n]
        )


def test_held_out_recordings_have_the_range_over_their_draws(shares: tuple) -> None:
    made, _, held = shares
    drawn = [flags for _, flags in held.flags.groupby("draw")]
    for unit in ("caption", "clip"):
        each = [hit_share(flags, unit, 0.8) for flags in drawn]
        row = made[made["interval"].str.startswith("range") & (made["unit"] == unit) & np.isclose(made["cosine"], 0.8)]
        assert row[["share", "low", "high"]].to_numpy()[0] == pytest.approx([np.mean(each), min(each), max(each)])


def test_a_curve_is_the_share_at_each_bound() -> None:
    rng = np.random.default_rng(0)
    cosines, groups = rng.uniform(size=60).astype(np.float32), rng.integers(0, 20, 60)
    made = thresholds.curve(cosines, groups, draws=4000, rng=np.random.default_rng(4)).set_index("cosine")
    drawn = [np.concatenate([np.flatnonzero(groups == g) for g in rng.choice(20, 20)]) for _ in range(4000)]
    for bound in (0.0, 0.25, 0.5, 0.9, 1.0):
        hits = cosines >= bound
        assert made.loc[bound, "share"] == pytest.approx(hits.mean())
        ends = np.quantile([hits[rows].mean() for rows in drawn], [0.025, 0.975])
        if hits.all() or not hits.any():  # where no draw differs, Wilson's bound of the 20 clips stands in
            ends = (20 / (20 + 3.8415), 1.0) if hits.all() else (0.0, 3.8415 / (20 + 3.8415))
        assert made.loc[bound, ["low", "high"]].to_numpy(float) == pytest.approx(ends, abs=0.03)


def test_the_page_holds_every_share_to_a_tenth_of_a_percent(shares: tuple, tmp_path: Path) -> None:
    made, *_ = shares
    made = made.assign(line=made["line"] + " <b> {{< x >}}")
    threshold.write(tmp_path, "by", made, start=0.9)
    content = json.loads((tmp_path / "interactive" / "by.json").read_text(encoding="utf-8"))
    markup = threshold.markup(content, "assets/01/by.js")
    assert "<b>" not in markup and "{{" not in markup and 'href="assets/01/by.csv"' in markup
    held = {}

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            held.update(attrs if tag == "div" else ())

    Reader().feed(markup)
    lines = json.loads(str(held["data-shares"]))["lines"]
    for line in lines:
        for unit, table in line["units"].items():
            rows = made[(made["line"] == line["name"]) & (made["unit"] == unit)]
            assert np.abs(np.array(table["high"]) / 1000 - rows["high"].to_numpy()).max() <= 0.0005 + 1e-9
