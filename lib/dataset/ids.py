"""Ids of clips of several corpora in one folder: names of files that never collide, and say where a clip came from."""

import re
from collections.abc import Iterable

from lib.base.hashes import text_sha256

LONGEST = 180
"""Letters of an id before a suffix such as ``.npy``; file systems take 255 bytes."""
_PLAIN = re.compile(r"[A-Za-z0-9_-]")


def file_id(key: str, clip_id: str) -> str:
    """The id of a clip in an export: the key of its corpus, a hyphen, and its own id.

    A key holds no hyphen, so the first one parts the two. What is no letter or digit of ASCII, hyphen or underscore is
    written as ``~`` and two hexadecimal digits a byte: loaders cut names at dots and slashes. A long id is cut and ends
    in its hash; `clips.parquet` has every id as the corpus has it.

    Args:
        key: of the corpus in the parameter file.
        clip_id: as the corpus has it.

    Example:
        >>> file_id("dm", "take 1/b.é"), file_id("dm_2", "x"), file_id("dm", "2_x")
        ('dm-take~201~2fb~2e~c3~a9', 'dm_2-x', 'dm-2_x')
    """
    written = "".join(char if _PLAIN.fullmatch(char) else _escaped(char) for char in clip_id)
    name = f"{key}-{written}"
    return name if len(name) <= LONGEST else f"{name[:LONGEST]}~~{text_sha256(clip_id)[:16]}"


def file_ids(clips: Iterable[tuple[str, str, str | None]]) -> list[str]:
    """The ids of clips in the order given; HumanML3D's sign for a mirror, an M in front of the id of its base, is kept.

    Of ids that differ in the case of their letters alone, which some file systems take for one, the later ones end in
    their hash.

    Args:
        clips: (key of the corpus, clip_id, the clip that it mirrors or None), base clips before their mirrors.

    Example:
        >>> file_ids([("h3d", "000012", None), ("h3d", "M000012", "000012"), ("dm", "a", None), ("dm", "A", None)])
        ['h3d-000012', 'Mh3d-000012', 'dm-a', 'dm-A~~559aead08264d579']
    """
    known: dict[tuple[str, str], str] = {}
    taken: set[str] = set()
    for key, clip_id, mirror_of in clips:
        name = file_id(key, clip_id)
        if mirror_of is not None and (base := known.get((key, mirror_of))) and f"m{base}".casefold() not in taken:
            name = f"M{base}"
        if name.casefold() in taken:
            name = f"{name}~~{text_sha256(clip_id)[:16]}"
        taken.add(name.casefold())
        known[key, clip_id] = name
    return list(known.values())


def _escaped(char: str) -> str:
    return "".join(f"~{byte:02x}" for byte in char.encode("utf-8"))
