"""BVH files of a walk, a wave and a kick, as an animation program would name their joints."""

from pathlib import Path

import numpy as np
import pytest

from lib.demo.synthesis import Spec, synthesise
from lib.motion.bvh import bvh

SPECS = {"walk": Spec("walk", seconds=2.0), "wave": Spec("wave", seconds=3.0), "kick": Spec("kick", seconds=2.0)}


@pytest.fixture(scope="session")
def performed() -> dict[str, np.ndarray]:
    """Joints of three short clips."""
    return {name: synthesise([spec], np.random.default_rng(0)).astype(float) for name, spec in SPECS.items()}


@pytest.fixture
def takes(tmp_path: Path, performed: dict[str, np.ndarray]) -> Path:
    """A folder of the three as BVH, one of them in a subfolder, and a table of captions beside it."""
    folder = tmp_path / "takes"
    (folder / "monday").mkdir(parents=True)
    for name, joints in performed.items():
        place = folder / "monday" if name == "kick" else folder
        (place / f"{name}.bvh").write_text(bvh(joints))
    rows = ["walk.bvh,somebody walks,true", 'wave,"a wave, with one hand",true', "monday/kick.bvh,a kick,true"]
    (tmp_path / "captions.csv").write_text("file,text,consent\n" + "\n".join([*rows, "walk,a slow walk,true"]) + "\n")
    return folder
