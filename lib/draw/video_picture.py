"""One frame of a video of a motion, painted from far to near."""

from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageDraw

from lib.draw.style import COLOURS
from lib.draw.video_scene import FACE, HEAD, Scene
from lib.motion.skeleton import LEFT, PARENTS, RIGHT

GROUND, LINE, SHADOW, WAY, TRUNK, FACE_COLOUR = "#f6f7f8", "#b4bac0", "#d3d7db", "#8f979e", "#c3c8cc", "#4d5358"
FINE = 2
"""Everything is painted at twice the size and reduced, so that edges are smooth."""

_SIDES = {joint: "left" for joint in LEFT} | {joint: "right" for joint in RIGHT}
_ENDS = (10, 20, 11, 21)
_TORSO = (16, 17, 2, 1)
_BONE_M, _CORE_M, _END_M, _HEAD_M = 0.08, 0.026, 0.06, 0.115

_Point = tuple[float, float]


def pictures(scene: Scene) -> Iterator[Image.Image]:
    """Every frame of a scene, in RGB.

    Left limbs have the colour of the left side and end in discs; right limbs have that of the right side and a white
    core, and end in squares. The head has a nose, which the back of the head hides.

    Args:
        scene: what there is to see.
    """
    stands = len(scene.grid) == 1
    floor = _floor(scene, 0)
    for frame in range(len(scene.body)):
        image = floor.copy() if stands else _floor(scene, frame)
        brush = ImageDraw.Draw(image)
        body = (scene.body[frame] * (FINE, FINE, 1, FINE)).tolist()
        _on_floor(brush, scene, frame, body[0][3])
        _body(brush, [(x, y) for x, y, *_ in body], [point[2] for point in body], [point[3] for point in body])
        yield image.reduce(FINE)


def _floor(scene: Scene, frame: int) -> Image.Image:
    image = Image.new("RGB", (scene.size * FINE,) * 2, GROUND)
    brush = ImageDraw.Draw(image)
    near, far = (np.array(_rgb(colour), dtype=float) for colour in (LINE, GROUND))
    for (begin, end), fading in zip(scene.grid[frame] * FINE, scene.fading[frame], strict=True):
        shade = near + (far - near) * fading
        brush.line([*begin, *end], fill=tuple(round(one) for one in shade), width=max(2, FINE * scene.size // 256))
    return image


def _on_floor(brush: ImageDraw.ImageDraw, scene: Scene, frame: int, metre: float) -> None:
    shadow = (scene.shadow[frame] * FINE).tolist()
    width = max(2, round(_BONE_M * metre))
    for joint, parent in enumerate(PARENTS[1:], start=1):
        brush.line([*shadow[parent], *shadow[joint]], fill=SHADOW, width=width)
    way = scene.way(frame) * FINE
    if len(way) > 1:
        brush.line(way.ravel().tolist(), fill=WAY, width=max(2, round(0.025 * metre)))


def _body(brush: ImageDraw.ImageDraw, at: list[_Point], near: list[float], metre: list[float]) -> None:
    parts: list[tuple[float, int, int]] = [(near[HEAD] + 0.03, HEAD, -1), (near[FACE], FACE, -1)]
    parts += [
        ((near[joint] + near[parent]) / 2, joint, parent)
        for joint, parent in enumerate(PARENTS[1:], start=1)
        if joint != HEAD
    ]
    parts += [(near[joint] + 0.02, joint, -1) for joint in _ENDS]
    brush.polygon([at[joint] for joint in _TORSO], fill=TRUNK)
    for _, joint, parent in sorted(parts):
        if joint == FACE:
            _disc(brush, at[FACE], 0.035 * metre[FACE], FACE_COLOUR)
        elif joint == HEAD:
            x, y = at[HEAD]
            _disc(brush, (x, y - 0.05 * metre[HEAD]), _HEAD_M * metre[HEAD], COLOURS["spine"], rim=True)
        elif parent < 0:
            _end(brush, joint, at[joint], _END_M * metre[joint])
        else:
            _bone(brush, joint, at[parent], at[joint], (metre[parent] + metre[joint]) / 2)


def _bone(brush: ImageDraw.ImageDraw, joint: int, begin: _Point, end: _Point, metre: float) -> None:
    side = _SIDES.get(joint, "spine")
    width = max(4, round(_BONE_M * metre))
    brush.line([*begin, *end], fill=GROUND, width=width + 2 * FINE)
    for point in (begin, end):
        _disc(brush, point, width / 2, COLOURS[side])
    brush.line([*begin, *end], fill=COLOURS[side], width=width)
    if side == "right":
        brush.line([*begin, *end], fill="#ffffff", width=max(2, round(_CORE_M * metre)))


def _end(brush: ImageDraw.ImageDraw, joint: int, at: _Point, radius: float) -> None:
    side = _SIDES[joint]
    if side == "left":
        _disc(brush, at, radius, COLOURS[side], rim=True)
        return
    (x, y), rim = at, radius + FINE
    brush.rectangle([x - rim, y - rim, x + rim, y + rim], fill=GROUND)
    brush.rectangle([x - radius, y - radius, x + radius, y + radius], fill=COLOURS[side])


def _disc(brush: ImageDraw.ImageDraw, at: _Point, radius: float, colour: str, *, rim: bool = False) -> None:
    x, y = at
    if rim:
        _disc(brush, at, radius + FINE, GROUND)
    brush.ellipse([x - radius, y - radius, x + radius, y + radius], fill=colour)


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue
