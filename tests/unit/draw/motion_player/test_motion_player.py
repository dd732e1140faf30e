"""A player holds its motions to half a millimetre, costs little, and whatever is said under it stays text."""

import base64
import html.parser
import json
import re
import shutil
import struct
import subprocess
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.base.errors import CorpusError
from lib.demo.synthesis import Spec, synthesise
from lib.draw.motion_player import (
    Choice,
    Motion,
    Track,
    assets,
    fragment,
    framed,
    page,
    payload,
    read,
    read_player,
    still,
    write_player,
)
from lib.draw.style import COLOURS
from lib.motion.features import contacts
from lib.motion.skeleton import LEFT, PARENTS, RIGHT

WALK = synthesise([Spec("walk", seconds=2.0)], np.random.default_rng(0))
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{< include /etc/passwd >}} ?@fig-x `tick` {=html} @cite\n```",
    "$x^2$ \\frac $ שלום",
]


class Elements(html.parser.HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_layout_of_a_payload_is_as_described() -> None:
    raw = base64.b64decode(payload(WALK, fps=29.97))
    frames, rate, unit = struct.unpack("<HHI", raw[:8])
    assert (frames, rate, unit) == (len(WALK), 2997, 1000)
    places = np.array(struct.unpack(f"<{frames * 66}h", raw[8 : 8 + frames * 132])).reshape(frames, 22, 3)
    assert np.abs(places / 1000 - WALK).max() <= 0.000501
    bits = np.frombuffer(raw[8 + frames * 132 :], np.uint8)
    assert [[bool(b >> n & 1) for n in range(4)] for b in bits] == contacts(WALK, fps=29.97).tolist()


@given(st.integers(1, 30), st.floats(0.01, 600), st.floats(1, 655), st.integers(0, 99))
def test_what_is_packed_comes_back(frames: int, reach: float, fps: float, seed: int) -> None:
    joints = np.random.default_rng(seed).uniform(-reach, reach, (frames, 22, 3))
    back, rate, _ = read(payload(joints, fps))
    assert back.shape == joints.shape and rate == pytest.approx(fps, abs=0.00501)
    assert np.abs(back - joints).max() <= max(0.000501, reach / 32_000)


@pytest.mark.parametrize(
    ("joints", "fps"),
    [
        (np.zeros((0, 22, 3)), 20),
        (np.zeros((5, 24, 3)), 20),
        (np.zeros((5, 66)), 20),
        (np.zeros((70_000, 22, 3)), 20),
        (np.full((5, 22, 3), np.inf), 20),
        (np.zeros((5, 22, 3)), 0),
        (np.zeros((5, 22, 3)), 1000),
    ],
)
def test_what_cannot_be_shown_is_refused(joints: np.ndarray, fps: float) -> None:
    with pytest.raises(CorpusError):
        payload(joints, fps)


def test_ten_seconds_cost_less_than_forty_kilobytes() -> None:
    joints = synthesise([Spec("walk", seconds=10.0)], np.random.default_rng(1))
    joints = np.resize(joints, (200, 22, 3))
    caption = "a person walks forward and then turns around to walk back to where they came from"
    markup = fragment([Motion(joints, "ground truth", caption)], label=caption, picture="assets/x.png", alt=caption)
    assert len(markup.encode()) < 40_000


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_stay_texts(text: str) -> None:
    motions = [Motion(WALK, text, note=text), Motion(WALK, "b")]
    for markup in (fragment(motions, label=text), fragment(motions, label=text, picture="a.png", alt=text)):
        read_back = Elements(markup)
        assert {tag for tag, _ in read_back.found} <= {
            "div",
            "figure",
            "figcaption",
            "b",
            "span",
            "img",
            "noscript",
            "p",
        }
        assert {name for _, named in read_back.found for name in named} <= {
            "class", "role", "aria-label", "data-autoplay", "data-figures", "data-motion", "src", "alt",
        }  # fmt: skip
        assert " ".join(text.split()) in read_back.text
        assert read_back.found[0][1]["aria-label"] == " ".join(text.split())
        assert not set("{}`@") & set(markup)
    whole = page([Track.of(motions[0])], title=text)
    assert [tag for tag, _ in Elements(whole).found].count("script") == 1
    assert [tag for tag, _ in Elements(framed([Track.of(motions[0])], title=text)).found] == ["iframe"]


def test_what_is_not_of_the_first_option_is_hidden_and_options_stay_texts(tmp_path: Path) -> None:
    options = {"always": (), "first": (0, 2), "second": (1,)}
    motions = [Motion(WALK[:3], name, options=of_one) for name, of_one in options.items()]
    choice = Choice(HOSTILE[1], tuple(HOSTILE[:3]))
    markup = fragment(motions, label="seeds", choice=choice)
    found = Elements(markup).found
    figures = [named for tag, named in found if tag == "figure"]
    assert [(named.get("data-options"), "hidden" in named) for named in figures] == [
        (None, False),
        ("0 2", False),
        ("1", True),
    ]
    assert found[0][1]["data-choice"] == HOSTILE[1] and json.loads(found[0][1]["data-options"]) == HOSTILE[:3]
    assert found[1][1]["data-figures"] == "2"
    assert not any("hidden" in named for _, named in Elements(fragment(motions, label="no choice")).found)
    write_player(tmp_path, "row", [Track.of(one) for one in motions], label="seeds", choice=choice)
    assert read_player(tmp_path / "motions" / "row.json") == fragment(motions, label="seeds", choice=choice)


def test_a_player_without_motion_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="needs a motion"):
        fragment([], label="none")


def test_the_assets_ask_the_network_for_nothing_and_know_body_and_colours() -> None:
    css, js = assets()
    assert not re.search(r"@import|url\(|https?://(?!www\.w3\.org/2000/svg)|\bfetch\(|XMLHttpRequest|import ", css + js)
    assert "</script" not in js and "</style" not in css
    for side in ("left", "right", "spine"):
        assert f"--motion-{side}: {COLOURS[side]}" in css
    body = json.loads(re.search(r"const SKELETON = (\{.*\});", js)[1])
    assert tuple(body["parents"]) == PARENTS
    assert sorted((bone["joint"], bone["parent"]) for bone in body["bones"]) == list(enumerate(PARENTS))[1:]
    for side, joints in (("left", LEFT), ("right", RIGHT)):
        assert [bone["joint"] for bone in body["bones"] if bone["side"] == side] == list(joints)


def test_the_script_parses() -> None:
    if shutil.which("node") is None:
        pytest.skip("no node on PATH")
    done = subprocess.run(["node", "--check", "-"], input=assets()[1], text=True, capture_output=True)
    assert done.returncode == 0, done.stderr


def test_a_page_of_its_own_refers_to_nothing() -> None:
    found = Elements(page([Track.of(Motion(WALK, "walk"))], title="walk")).found
    assert [named.get("src") or named.get("href") for _, named in found if "src" in named or "href" in named] == [
        "data:,"
    ]


def test_what_a_notebook_stores_is_what_the_page_shows(tmp_path: Path) -> None:
    motions = [Motion(WALK, HOSTILE[0], HOSTILE[3]), Motion(WALK, "b")]
    write_player(tmp_path, "rows", [Track.of(one) for one in motions], label=HOSTILE[1])
    shown = read_player(tmp_path / "motions" / "rows.json", picture="a.png", alt="x")
    assert shown == fragment(motions, label=HOSTILE[1], picture="a.png", alt="x")


def test_the_still_has_a_strip_for_each_motion_whatever_its_label() -> None:
    figure = still.still([Motion(WALK, text) for text in HOSTILE[:4]] + [Motion(WALK[:1], HOSTILE[4][:14])], n=4)
    figure.canvas.draw()
    assert figure.axes[0].get_title() == HOSTILE[0] and len(figure.axes) == 5
    plt.close(figure)
