"""The template keeps the rules of notebooks, and the guide, followed to the letter, makes a page of it."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lib.base.paths import NOTEBOOKS, ROOT
from lib.own_data import example
from lib.run.exploring.last_profile import LAST
from lib.run.pipeline import PIPELINE
from tests.notebooks.checkout import copied

TEMPLATE = NOTEBOOKS / "template"
CELLS = json.loads((TEMPLATE / "notebook.ipynb").read_text(encoding="utf-8"))["cells"]
CODE = ["".join(cell["source"]) for cell in CELLS if cell["cell_type"] == "code"]
GUIDE = (
    (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Adding a notebook")[2].partition("\n## ")[0]
)


def test_the_template_is_thin_holds_no_outputs_and_defines_nothing() -> None:
    lengths = sorted(len(source.splitlines()) for source in CODE)
    assert lengths[len(lengths) // 2] <= 4 and lengths[-1] <= 12
    assert not any(cell["outputs"] or cell["execution_count"] for cell in CELLS if cell["cell_type"] == "code")
    nodes = [node for source in CODE for node in ast.walk(ast.parse(source))]
    assert not [node for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.For | ast.While)]


def test_the_template_asks_and_answers() -> None:
    (question,) = re.findall(r'Notebook\("08_lengths", "lengths", "(.+?)"', GUIDE)
    assert question in "".join(CELLS[0]["source"]) and 'run.value("finding"' in CODE[-1]


def test_its_parameters_are_those_of_the_section_in_the_guide() -> None:
    tagged = [cell for cell in CELLS if "parameters" in cell["metadata"].get("tags", [])]
    scope: dict[str, object] = {}
    exec("".join(tagged[0]["source"]), scope)
    assert len(tagged) == 1 and scope.pop("params") == LAST
    section = ast.parse(blocks("python")[0]).body[0]
    assert isinstance(section, ast.ClassDef)
    fields = {one.target.id: ast.literal_eval(one.value) for one in section.body if isinstance(one, ast.AnnAssign)}
    assert fields == {name: value for name, value in scope.items() if name != "__builtins__"}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)


def insert(file: Path, before: str, text: str) -> None:
    said = file.read_text(encoding="utf-8")
    assert said.count(before) == 1, (file, before)
    file.write_text(said.replace(before, text + before), encoding="utf-8")


@pytest.mark.notebook
def test_the_guide_makes_a_notebook_that_runs_and_a_page(tmp_path: Path) -> None:
    place = copied(tmp_path / "checkout")
    (place / "tests" / "notebooks").mkdir(parents=True)
    (entry, field), (section,) = blocks("text"), blocks("python")
    insert(place / "lib" / "run" / "pipeline.py", ")\nBY_STEM = ", entry)
    insert(place / "lib" / "run" / "params.py", "class Profile(Section):\n", f"{section}\n\n")
    insert(place / "lib" / "run" / "params.py", '\n    @model_validator(mode="after")\n    def _named_once', field)
    insert(place / "report" / "_quarto.yml", "      - section: Guide\n", blocks("yaml")[0])
    example.write(place / "data" / "own", notebooks=PIPELINE)
    file = place / "data" / "own" / "params.yml"
    kept = [line for line in file.read_text(encoding="utf-8").splitlines() if not re.match(r"  (# )?- \d\d_", line)]
    kept.insert(kept.index("notebooks:") + 1, "  - 08_lengths")
    said = "\n".join(kept).replace(str(place) + "/", "").replace("private: true", "private: false")
    file.write_text(said + "\n", encoding="utf-8")
    commands = [
        line.strip() for line in GUIDE.splitlines() if line.startswith("    ") and line.split()[0] in {"cp", "python"}
    ]
    assert len(commands) == 5
    clean = {key: value for key, value in os.environ.items() if key not in {"PARAMS", "PYTHONPATH"}}
    clean |= {"PARAMS": "data/own/params.yml", "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    script = "set -e\n" + "\n".join(commands)
    done = subprocess.run(["bash", "-c", script], cwd=place, env=clean, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    values = json.loads((place / "results/own/08_lengths/values.json").read_text(encoding="utf-8"))
    # Of 2.5, 2.5, 2.5 and 3 seconds the quantile lies seven tenths of the way up from the third.
    assert values["finding"] == f"90% of the clips last at most {2.5 + 0.7 * 0.5:.1f} s (own)."
    page = (place / "site" / "08_lengths.html").read_text(encoding="utf-8")
    assert values["finding"] in page and "90%" in page
    assert (place / "tests/notebooks/test_08_lengths.py").is_file()
