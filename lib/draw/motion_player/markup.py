"""The HTML of a player: figures that a script brings to life, and a picture where no script runs.

A notebook writes its players to JSON files, and the page that shows them reads these.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

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
        options: numbers of the options of a `Choice` under which it is shown; none for one that is always shown.
    """

    joints: Array
    label: str
    note: str = ""
    fps: float = FPS
    public: bool = False
    options: tuple[int, ...] = ()


@dataclass(frozen=True)
class Track:
    """A motion ready for a page.

    Args:
        label: what it is; plain text.
        note: one more line; plain text.
        data: as made by :func:`lib.draw.motion_player.payload.payload`.
        options: as of a `Motion`.
    """

    label: str
    note: str
    data: str
    options: tuple[int, ...] = ()

    @classmethod
    def of(cls, motion: Motion) -> "Track":
        """A motion with its poses packed."""
        return cls(motion.label, motion.note, payload(motion.joints, motion.fps), motion.options)


Shown = TypeVar("Shown", Motion, Track)


@dataclass(frozen=True)
class Choice:
    """What a reader chooses, of which some motions are shown under one option and others under another.

    Args:
        name: what the options are, such as "training seed"; plain text.
        options: by number from 0, which is shown until another is chosen; plain text.
    """

    name: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Player:
    """A written player: what a screen reader calls it, its motions, and what its readers choose."""

    label: str
    motions: list[Track]
    choice: Choice | None = None


def fragment(
    motions: Sequence[Motion],
    *,
    label: str,
    picture: str = "",
    alt: str = "",
    autoplay: bool = True,
    choice: Choice | None = None,
) -> str:
    """HTML of a player; the page that holds it also needs the style and the script of :func:`assets`.

    Args:
        motions: one or more; they share clock and view.
        label: what a screen reader calls the player; plain text of any origin.
        picture: address of a still picture, for print and for readers without JavaScript; none by default.
        alt: alternative text of that picture.
        autoplay: begin when first seen, unless the reader prefers reduced motion.
        choice: what the options of the motions are; without it all motions are shown.

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
    tracks = [Track.of(one) for one in motions]
    return markup(tracks, label=label, picture=picture, alt=alt, autoplay=autoplay, choice=choice)


def markup(
    tracks: Sequence[Track],
    *,
    label: str,
    picture: str = "",
    alt: str = "",
    autoplay: bool = True,
    choice: Choice | None = None,
) -> str:
    """As :func:`fragment`, of motions that are packed already."""
    if not tracks:
        raise ValueError("a player needs a motion")
    figures = Markup("\n").join(_figure(track, choice) for track in tracks)
    options = Markup("")
    if choice is not None:
        options = Markup(' data-choice="{}" data-options="{}"').format(
            _line(choice.name), json.dumps(choice.options, ensure_ascii=False)
        )
    still = Markup('<img class="motion-still" src="{}" alt="{}">').format(picture, alt)
    without = Markup("<noscript><p>{}: this motion plays where JavaScript runs.</p></noscript>").format(label)
    html = Markup(
        '<div class="motion-player" role="group" aria-label="{}"{}{}>\n'
        '<div class="motion-figures" data-figures="{}">\n{}\n</div>\n{}\n</div>'
    ).format(
        _line(label),
        Markup(" data-autoplay") if autoplay else "",
        options,
        len(at_first(tracks) if choice else tracks),
        figures,
        still if picture else without,
    )
    return inert(str(html))


def at_first(motions: Sequence[Shown]) -> list[Shown]:
    """The motions or tracks that are shown before a reader chooses, and to those who cannot.

    Example:
        >>> [one.label for one in at_first([Track("a", "", ""), Track("b", "", "", (0, 2)), Track("c", "", "", (1,))])]
        ['a', 'b']
    """
    return [motion for motion in motions if not motion.options or 0 in motion.options]


def write_player(folder: Path, name: str, tracks: Sequence[Track], *, label: str, choice: Choice | None = None) -> None:
    """Writes ``motions/<name>.json`` into a results folder."""
    content = asdict(Player(label, list(tracks), choice))
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
    return markup(player.motions, label=player.label, picture=picture, alt=alt, choice=player.choice)


def _figure(track: Track, choice: Choice | None) -> Markup:
    note = Markup("<span>{}</span>").format(_line(track.note)) if track.note else ""
    options = Markup("")
    if choice is not None and track.options:
        hidden = "" if at_first([track]) else Markup(" hidden")
        options = Markup(' data-options="{}"{}').format(" ".join(map(str, track.options)), hidden)
    return Markup(
        '<figure class="motion-figure" data-motion="{}"{}><figcaption><b>{}</b>{}</figcaption></figure>'
    ).format(track.data, options, _line(track.label), note)


def _line(text: str) -> Markup:
    return escape(" ".join(text.split()))
