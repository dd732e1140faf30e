"""The guide's pages about captions: their blocks are read, their commands exist, their program runs."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
import yaml

from lib.base.paths import ROOT
from lib.captioning import prompts
from lib.captioning.failures import AGAIN, FAILURES
from lib.captioning.making import Made
from lib.captioning.parameters import Captioner, CaptioningParameters, Price
from lib.commands import app
from tests.unit.captioning.test_program import command

PAGES = [ROOT / "report" / "guide" / name for name in ("captions.qmd", "captioners.qmd")]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
MODELS = (CaptioningParameters, Captioner, Price)


def fenced(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.M | re.S)


@pytest.mark.parametrize("block", fenced("yaml"))
def test_a_block_of_the_guide_is_one_that_is_read(block: str) -> None:
    asked = CaptioningParameters.model_validate(yaml.safe_load(block)["captioning"])
    for captioner in asked.captioners.values():
        for name in captioner.prompts:
            prompts.read(name)


def test_every_key_is_told_of_and_none_that_is_not_there() -> None:
    told = re.findall(r"^`(\w+)`\n:   ", TEXT, re.M)
    assert sorted(told) == sorted(key for model in MODELS for key in model.model_fields)
    whole = yaml.safe_load(fenced("yaml")[0])["captioning"]
    used = (
        {*whole}
        | {key for one in whole["captioners"].values() for key in one}
        | {*whole["captioners"]["gemini"]["price"]}
    )
    assert used == {key for model in MODELS for key in model.model_fields}


def test_every_class_of_failure_is_told_of() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (yes )?\|$", TEXT, re.M)
    assert {name: meaning for name, meaning, _ in rows} == FAILURES
    assert {name for name, _, again in rows if again} == AGAIN


def test_every_command_exists_with_its_options() -> None:
    lines = re.findall(r"^python -m lib (.*)$", "\n".join(fenced("bash")), re.M)
    assert len(lines) >= 5
    for line in lines:
        found = typer.main.get_command(app)
        words = line.split()
        while words and words[0] in getattr(found, "commands", {}):
            found = found.commands[words.pop(0)]  # type: ignore[attr-defined]
        known = {option for parameter in found.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known, line


def test_the_program_of_the_guide_captions(run: Callable[..., Made], tmp_path: Path) -> None:
    (program,) = fenced("python")
    (tmp_path / "lines.py").write_text(program, encoding="utf-8")
    made = run(command([sys.executable, str(tmp_path / "lines.py")], timeout_s=600.0))
    assert len(made.captions) == 12 and not len(made.failures)
    assert made.captions.text.str.fullmatch(r"a video of \d+ bytes").all()
    (tmp_path / "lines.py").write_text(program.replace("os.path.getsize(video)", "no_such_name"), encoding="utf-8")
    failed = run(command([sys.executable, str(tmp_path / "lines.py"), "again"], timeout_s=600.0))
    assert {*failed.failures.detail} == {"the program reports an error"}
