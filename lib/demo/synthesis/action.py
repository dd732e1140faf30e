"""What can be asked for: an action with the options that it admits."""

from collections.abc import Callable
from dataclasses import dataclass

from lib.demo.synthesis.take import Spec, Take
from lib.demo.synthesis.tracks import Tracks

Options = tuple[str | None, ...]

SPEEDS = ("slow", "normal", "fast")


@dataclass(frozen=True)
class Action:
    """One verb the synthesiser can perform.

    Attributes:
        build: draws the tracks of a take.
        about: what is seen, and what its options mean, for whoever writes captions.
        speeds: admitted speeds.
        sides: admitted sides of the performer's own body; None leaves the choice to the generator.
        directions: admitted directions, as seen by the performer.
        styles: admitted manners; each changes the pose visibly.
        alone: styles that leave no room for a side or a direction.
        own_side: whether a direction left or right is that of the limb, so that a side may not contradict it.
        locomotion: whether the performer leaves the spot.
        airborne: whether both feet leave the floor.
        seconds: shortest duration in which the action reads.
    """

    build: Callable[[Take], Tracks]
    about: str
    speeds: tuple[str, ...] = SPEEDS
    sides: Options = (None,)
    directions: Options = (None,)
    styles: Options = (None,)
    alone: tuple[str, ...] = ()
    own_side: bool = False
    locomotion: bool = False
    airborne: bool = False
    seconds: float = 2.0


def refusal(spec: Spec, action: Action) -> str | None:
    """Why `action` cannot be performed as `spec` says, or None when it can.

    Example:
        >>> refusal(Spec("bow", side="left"), Action(build=lambda take: take.rest(), about=""))
        "bow admits side None, not 'left'"
    """
    asked = (
        ("speed", spec.speed, action.speeds),
        ("side", spec.side, action.sides),
        ("direction", spec.direction, action.directions),
        ("style", spec.style, action.styles),
    )
    for name, value, admitted in asked:
        if value not in admitted:
            return f"{spec.action} admits {name} {', '.join(map(str, admitted))}, not {value!r}"
    if spec.style in action.alone and (spec.side or spec.direction):
        return f"{spec.action} as {spec.style!r} takes neither side nor direction"
    if action.own_side and spec.direction in ("left", "right") and spec.side not in (None, spec.direction):
        return f"{spec.action} to the {spec.direction} uses that side, not {spec.side!r}"
    if not 0.3 <= spec.amplitude <= 1.6:
        return f"amplitude must lie in 0.3..1.6, not {spec.amplitude!r}"
    if spec.seconds < 1.0:
        return f"a performance lasts at least 1 second, not {spec.seconds!r}"
    return None
