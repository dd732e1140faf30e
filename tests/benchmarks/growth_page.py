"""The guide's page about growth, written from what the benchmarks measured.

    python -m tests.benchmarks.growth_page

``growth.json`` beside this file holds the measurements: ``steps``, rows of `tests.benchmarks.bench_growth`, and
``rates``, single numbers with the benchmark that gave each. Everything on the page is computed from that file and from
the assumptions below, which the page states; a test holds the page to it.
"""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from lib.base.paths import ROOT
from tests.benchmarks.bench_growth import MOVED, growth

MEASURED = Path(__file__).with_name("growth.json")
PAGE = ROOT / "report" / "guide" / "growth.qmd"
SIZES = (10**7, 10**8, 10**9)
WIDTH, LATENT = 768, 256
"""Numbers in a sentence vector and in a latent of TMR."""
PARAMETERS, TOKENS = 110e6, 25
"""Weights of MPNet and tokens of a caption, special ones included."""
GPU_FLOPS, MEMORY = 100e12, 128e9
"""Assumed: operations a second that a GPU reaches on such networks, and bytes of a large machine's memory."""
FEATURES = 4 * 263 / (2 * 22 * 3)
"""Bytes of a frame's features by those of its joints."""
CENTROIDS, FIT, ITERATIONS = 1000, 10**6, 20
"""Of the clustering: centroids, clips that they are fitted on, passes over those."""
LIMITS = {
    "corpora": "arithmetic of the synthesis",
    "00_data_preparation": "arithmetic of the scores; captions as Python's lists",
    "01_similarity_test": "arithmetic; tables of captions in memory",
    "02_action_distribution": "tables of captions in memory, bootstrap",
    "04_embedding_gap": "arithmetic of TMR",
    "05_clustering": "arithmetic of K-means",
    "models": "training, on a sample of fixed size",
    "site": "none: pages do not grow, but for the map",
    "again": "hashes of what was read",
}
"""What bounds a step's time, as profiles of the largest run showed it."""


def page(measured: dict[str, Any]) -> str:
    """The text of the page.

    Args:
        measured: the content of ``growth.json``.
    """
    steps, rates = pd.DataFrame(measured["steps"], columns=MOVED), measured["rates"]
    largest, grown = int(steps["clips"].max()), growth(steps)
    sizes = sorted(steps["clips"].unique())
    return "\n".join(
        [
            "---",
            "title: Growth",
            "description: What each step costs at 344,476 clips, as measured, and what more clips would cost.",
            "---",
            "",
            "This page has two parts. The first was measured. The second is a **projection**: nothing in it was run.",
            "",
            "## Measured {#sec-growth-measured}",
            "",
            f"`params/scale.yml` was run with {_list(sizes)} clips of DM and HumanML3D's in proportion, on "
            f"{measured['machine']}. Captions' vectors came from a stand-in for the sentence encoder. The exponent $b$ "
            "is that of cost $\\propto$ clips$^b$ between the two largest sizes of the step: 1 is linear. The numbers "
            f"below are of {largest:,} clips.",
            "",
            *_boxed("What each step cost", _measured(grown)),
            "",
            "What limits the time of each step:",
            "",
            *_limits(grown),
            "",
            f"Peak memory is of one process. {measured['remarks']}",
            "",
            "Single rates, each from the benchmark named:",
            "",
            *[f"- {one['what']}: {_told(one)} (`{one['bench']}`)" for one in rates.values()],
            "",
            f"Encoding the captions of {largest:,} clips with MPNet instead of the stand-in would take "
            f"{_hour(largest / rates['sentences']['value'] / 3600)} core hours at that rate.",
            "",
            "## Projected {#sec-growth-projected}",
            "",
            "The projection takes costs to grow in proportion to the clips, and exact near-duplicates with their "
            f"square. It assumes a GPU that reaches {GPU_FLOPS / 1e12:.0f} TFLOP/s on these networks, {TOKENS} tokens "
            "a caption and one caption a clip. Read "
            "it for orders of magnitude.",
            "",
            "### Bytes {#sec-growth-bytes}",
            "",
            *_boxed("Bytes, projected", _bytes(rates)),
            "",
            f"Keep sentence vectors and latents as float16: their cosines move by at most "
            f"{_plain(rates['float16']['value'])} (`{rates['float16']['bench']}`). Keep joints "
            f"as int16 millimetres, as the manifest has them. Do not keep features: they take {FEATURES:.0f} times the "
            "joints' bytes and are computed from joints as they are read.",
            "",
            "### Hours {#sec-growth-hours}",
            "",
            *_boxed("Hours, projected", _hours(steps, rates, largest)),
            "",
            "### Where to run what {#sec-growth-where}",
            "",
            *_where(steps, rates, largest),
            "",
        ]
    )


def _boxed(label: str, table: list[str]) -> list[str]:
    """A table in a box that scrolls where the page is narrow, named and reached by keyboard."""
    return [f'::: {{.table-scroll tabindex="0" role="region" aria-label="{label}"}}', *table, ":::"]


def _measured(grown: pd.DataFrame) -> list[str]:
    rows = ["| step | CPU s | ms a clip | peak MB | MB written | exponent of CPU | exponent of memory |"]
    rows.append("|:-------|---:|---:|---:|---:|---:|---:|")
    for one in grown.to_dict("records"):
        exponents = [f"{one[name]:.2f}" if name in one and pd.notna(one[name]) else "" for name in EXPONENTS]
        rows.append(
            f"| {_named(one['step'])} | {one['cpu_seconds']:,.0f} | {one['cpu_ms_a_clip']:.2f} | {one['peak_mb']:,.0f} "
            f"| {one['written_mb']:,.0f} | {exponents[0]} | {exponents[1]} |"
        )
    return rows


def _limits(grown: pd.DataFrame) -> list[str]:
    return [f"- {_named(step)}: {LIMITS[step]}" for step in grown["step"]]


EXPONENTS = ("cpu_exponent", "memory_exponent")


def _bytes(rates: dict[str, dict[str, Any]]) -> list[str]:
    joints = rates["joints"]["value"]
    kinds = {
        "joints as int16 millimetres": joints,
        "sentence vectors, float32": 4 * WIDTH,
        "sentence vectors, float16": 2 * WIDTH,
        "TMR's latents of motion and caption, float32": 8 * LATENT,
        "TMR's latents of motion and caption, float16": 4 * LATENT,
        "features (263 numbers a frame), float32, not kept": FEATURES * joints,
    }
    rows = ["| what | bytes a clip | " + " | ".join(_power(n) for n in SIZES) + " |", "|:--|--:|" + "--:|" * len(SIZES)]
    return rows + [
        f"| {what} | {one:,.0f} | " + " | ".join(_size(n * one) for n in SIZES) + " |" for what, one in kinds.items()
    ]


def _hours(steps: pd.DataFrame, rates: dict[str, dict[str, Any]], largest: int) -> list[str]:
    pairs, scores = rates["near_duplicates"]["value"] / 3600, rates["quality"]["value"] / 3.6e6
    sentence = 2 * PARAMETERS * TOKENS / GPU_FLOPS / 3600
    assigned = 2 * CENTROIDS * LATENT / GPU_FLOPS / 3600
    at = steps[steps["clips"] == largest].set_index("step")
    reads = sum(at.loc[[stem for stem in at.index if stem[:2].isdigit()], "cpu_seconds"]) / largest / 3600
    costs: dict[str, tuple[str, Any]] = {
        "quality scores": ("core hours", lambda n: n * scores),
        "sentence vectors, on processors": ("core hours", lambda n: n / rates["sentences"]["value"] / 3600),
        "sentence vectors, on a GPU": ("GPU hours", lambda n: n * sentence),
        f"K-means of {CENTROIDS:,} centroids, fitted on {_power(FIT)} clips": (
            "GPU hours",
            lambda _: FIT * ITERATIONS * assigned,
        ),
        "assignment of all clips to centroids": ("GPU hours", lambda n: n * assigned),
        "near-duplicates, exact, all against all": ("core hours", lambda n: pairs * (n / largest) ** 2),
        "all notebooks of the profile as they are": ("core hours", lambda n: n * reads),
    }
    rows = ["| what | unit | " + " | ".join(_power(n) for n in SIZES) + " |", "|:--|:--|" + "--:|" * len(SIZES)]
    return rows + [
        f"| {what} | {unit} | " + " | ".join(_hour(cost(n)) for n in SIZES) + " |"
        for what, (unit, cost) in costs.items()
    ]


def _where(steps: pd.DataFrame, rates: dict[str, dict[str, Any]], largest: int) -> list[str]:
    at = steps[steps["clips"] == largest].set_index("step")
    peak = at.loc[[stem for stem in at.index if stem[:2].isdigit()], "peak_mb"]
    a_clip = peak.max() * 1e6 / largest
    most = MEMORY / a_clip
    return [
        f"- **Notebooks** hold tables of captions and of clips whole: {_named(str(peak.idxmax()))}, the largest, "
        f"{peak.max() / 1000:.1f} GB at {largest:,} clips. A machine of {MEMORY / 1e9:.0f} GB would hold some "
        f"{_rounded(most)}, if memory grew in proportion. Beyond that they are run on a sample, and what every clip "
        "needs (scores, tags, vectors, clusters, weights) is computed by the engine alone.",
        "- **Quality scores, tags, hygiene, claims, vectors and assignment** go through the engine, `kind: ray`: "
        "partitions are independent, results are files under their content's key, and a lost machine costs its "
        "partitions. Machines must share a file system.",
        "- **Sentence vectors and latents** are the GPU's: `gpus_per_task` says how many tasks share one.",
        "- **K-means and the tree** stay on one machine with one GPU: they are fitted on a sample of stated size, and "
        "all clips are assigned by the engine.",
        "- **Near-duplicates** are exact up to some 10⁷ clips. Beyond, ask an index (`search: hnsw` or `ivf`, whose "
        "recall 01 shows), or compare within clusters alone.",
        f"- **The map** takes {_size(rates['map']['value'] * 1e6)} at {largest:,} points, and would take "
        f"{_size(SIZES[0] / largest * rates['map']['value'] * 1e6)} at {_power(SIZES[0])}: draw a sample.",
    ]


def _named(step: str) -> str:
    return step[:2] if step[:2].isdigit() else {"again": "`make report` again"}.get(step, step)


def _list(sizes: list[int]) -> str:
    texts = [f"{size:,}" for size in sizes]
    return " and ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else texts[0]


def _power(n: int) -> str:
    return "10" + str(len(str(n)) - 1).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _rounded(x: float) -> str:
    return f"{float(f'{x:.1g}'):,.0f}"


def _told(rate: dict[str, Any]) -> str:
    value = rate["value"]
    return (f"{value:,.0f}" if value >= 1000 else _plain(value)) + f" {rate['unit']}".rstrip()


def _plain(x: float) -> str:
    return f"{x:.6f}".rstrip("0").rstrip(".")


def _size(count: float) -> str:
    for unit in ("MB", "GB", "TB"):
        count /= 1e6 if unit == "MB" else 1e3
        if count < 1000:
            break
    return f"{float(f'{count:.2g}'):,g} {unit}"


def _hour(hours: float) -> str:
    return "under 0.1" if hours < 0.1 else f"{float(f'{hours:.2g}'):,.12g}"


def main() -> None:
    """Writes the page."""
    PAGE.write_text(page(json.loads(MEASURED.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    main()
