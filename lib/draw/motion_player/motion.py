"""One motion to be shown, and what is said under it."""

from dataclasses import dataclass

from lib.motion.skeleton import FPS, Array


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
