"""The HTML of a player: figures that a script brings to life, and a picture where no script runs.

A notebook writes its players to JSON files, and the page that shows them reads these.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from markupsafe import Markup, escape

from lib.base import state
from lib.draw.fragment import inert
from lib.draw.motion_player.payload import payload
from lib.motion.skeleton import FPS, Array

PLAYERS = "motions"
"""Where a results folder keeps its players."""


@dataclass(frozen=True, eq=False)
class Motion:
    """A motion beside others.

    Args:
        joints: (T, 22, 3) metres, Y up, the floor at 0.
        label: what it is, such as "ground truth"; plain text of any origin.
        note: one more line, such as a caption or a distance; plain text of any origin.
        fps: frames a second.
        public: whether a private profile may show it, which only motions of a public corpus allow.
    """

    joints: Array
    label: str
    note: str = ""
    fps: float = FPS
    public: bool = False


@dataclass(frozen=True)
class Track:
    """A motion ready for a page.

    Args:
        label: what it is; plain text.
        note: one more line; plain text.
        data: as made by :func:`lib.draw.motion_player.payload.payload`.
    """

    label: str
    note: str
    data: str

    @classmethod
    def of(cls, motion: Motion) -> "Track":
        """A motion with its poses packed."""
        return cls(motion.label, motion.note, payload(motion.joints, motion.fps))


@dataclass(frozen=True)
class Player:
    """A written player: what a screen reader calls it, and its motions."""

    label: str
    motions: list[Track]


def fragment(motions: Sequence[Motion], *, label: str, picture: str = "", alt: str = "", autoplay: bool = True) -> str:
    """HTML of a player; the page that holds it also needs the style and the script of :func:`assets`.

    Args:
        motions: one or more; they share clock and view.
        label: what a screen reader calls the player; plain text of any origin.
        picture: address of a still picture, for print and for readers without JavaScript; none by default.
        alt: alternative text of that picture.
        autoplay: begin when first seen, unless the reader prefers reduced motion.

    Returns:
        One ``<div class="motion-player">``; all texts are escaped and cannot start a shortcode, fence or citation.

    Raises:
        ValueError: no motion.
        CorpusError: a motion that cannot be shown.

    Example:
        >>> import numpy as np
        >>> html = fragment([Motion(np.zeros((2, 22, 3)), "<b> {{< x >}}")], label="two frames")
        >>> "&lt;b&gt; &#123;&#123;&lt; x &gt;&#125;&#125;" in html
        True
    """
    return markup([Track.of(one) for one in motions], label=label, picture=picture, alt=alt, autoplay=autoplay)


def markup(tracks: Sequence[Track], *, label: str, picture: str = "", alt: str = "", autoplay: bool = True) -> str:
    """As :func:`fragment`, of motions that are packed already."""
    if not tracks:
        raise ValueError("a player needs a motion")
    figures = Markup("\n").join(map(_figure, tracks))
    still = Markup('<img class="motion-still" src="{}" alt="{}">').format(picture, alt)
    without = Markup("<noscript><p>{}: this motion plays where JavaScript runs.</p></noscript>").format(label)
    html = Markup(
        '<div class="motion-player" role="group" aria-label="{}"{}>\n'
        '<div class="motion-figures" data-figures="{}">\n{}\n</div>\n{}\n</div>'
    ).format(
        _line(label), Markup(" data-autoplay") if autoplay else "", len(tracks), figures, still if picture else without
    )
    return inert(str(html))


def write_player(folder: Path, name: str, tracks: Sequence[Track], *, label: str) -> None:
    """Writes ``motions/<name>.json`` into a results folder."""
    content = asdict(Player(label, list(tracks)))
    (folder / PLAYERS).mkdir(exist_ok=True)
    (folder / PLAYERS / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def read_player(path: Path, *, picture: str = "", alt: str = "") -> str:
    """The HTML of a written player; whatever its texts say, it holds no element but the player's own.

    Args:
        path: as written by :func:`write_player`.
        picture: address of its still picture, if there is one.
        alt: alternative text of the picture.
    """
    player = state.required(path, Player, fix="run the notebook again: make report")
    return markup(player.motions, label=player.label, picture=picture, alt=alt)


def _figure(track: Track) -> Markup:
    note = Markup("<span>{}</span>").format(_line(track.note)) if track.note else ""
    return Markup(
        '<figure class="motion-figure" data-motion="{}"><figcaption><b>{}</b>{}</figcaption></figure>'
    ).format(track.data, _line(track.label), note)


def _line(text: str) -> Markup:
    return escape(" ".join(text.split()))
