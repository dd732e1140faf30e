"""A site of a private corpus: older results stay out, notebooks keep what was redacted, counts are told."""

import ast
import json
from pathlib import Path
from types import ModuleType

import nbformat
import pytest

from lib.site import executed, redaction_counts, site
from lib.site.stage import REPORT, stage

STEM = "01_similarity_test"


@pytest.fixture(scope="module")
def built(run: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A redacted site of three results, one of which was made under redaction."""
    folder = tmp_path_factory.mktemp("redacted")
    results = run.write(folder / "results", REPORT)
    file = results / "fixture" / STEM / "provenance.json"
    record = json.loads(file.read_text(encoding="utf-8"))
    outputs = {"private": {"DM <b>": {"captions": 3210}}, "outputs": {"cells": 17}}
    record |= {"params": {"redact": True}, "withheld": {"rows": {"DM <b>": {"consent": 12}}, **outputs}}
    file.write_text(json.dumps(record), encoding="utf-8")
    facts = {"profile": "fixture", "notebooks": run.STEMS, "synthetic": False, "redacted": True}
    staged = stage(results, folder=folder / "pages", **facts)
    return site.build(staged, folder / "site", renderer="preview").path


def test_results_made_before_a_corpus_was_private_are_left_out(built: Path) -> None:
    assert (built / f"{STEM}.html").is_file() and not (built / "00_data_preparation.html").exists()
    assert [path.stem for path in (built / "notebooks").glob("*.ipynb")] == [STEM]
    assert {path.name for path in (built / "assets").iterdir()} == {STEM}


def test_counts_by_reason_are_on_the_provenance_page(built: Path) -> None:
    page = (built / "provenance.html").read_text(encoding="utf-8")
    assert "DM &lt;b&gt;</td><td>clips</td><td>no consent</td><td>12<" in page
    assert "<td>captions</td><td>the corpus is private</td><td>3,210<" in page and "<td>cells</td><td>17<" in page


def test_a_notebook_shows_nothing_that_was_printed_or_returned(built: Path) -> None:
    notebook = nbformat.read(built / "notebooks" / f"{STEM}.ipynb", as_version=4)
    kinds = {output.output_type for cell in notebook.cells for output in cell.get("outputs", [])}
    assert kinds == {"display_data"}


@pytest.mark.parametrize(("redacted", "left"), [(True, "[withheld]"), (False, "private.yml")])
def test_paths_of_the_machine_leave_the_parameters(redacted: bool, left: str) -> None:
    source = 'params = "/elsewhere/ann/private.yml"\nother = "params/demo.yml"\nshare = 0.5  # "a/b"'
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": ["injected-parameters"]})
    told = executed.anonymous(nbformat.v4.new_notebook(cells=[cell]), redacted=redacted).cells[0].source
    assert told == source.replace("/elsewhere/ann/private.yml", left)


@pytest.mark.parametrize(
    "prompts",
    [
        'prompts = ["d00017", "a \\"secret\\" caption"]  # ids',
        "rows = 5\nprompts = [\n    'd00017',\n    'secret' ' x',\n]",
        'rows, prompts = 5, ["d00017 secret"]',
        'prompts: list[str] = ["d00017", """secret"""]',
    ],
)
def test_prompts_which_may_be_captions_or_ids_are_withheld(prompts: str) -> None:
    cell = nbformat.v4.new_code_cell(f'{prompts}\nother = "kept"', metadata={"tags": ["injected-parameters"]})
    notebook = nbformat.v4.new_notebook(cells=[cell])
    told = executed.anonymous(notebook, redacted=True).cells[0].source
    assert "secret" not in told and "d00017" not in told and 'other = "kept"' in told
    assert {"[withheld]"} <= {part.value for part in ast.walk(ast.parse(told)) if isinstance(part, ast.Constant)}
    assert executed.anonymous(notebook).cells[0].source == cell.source


def test_the_same_rows_met_by_two_notebooks_count_once() -> None:
    record = {"withheld": {"rows": {"dm": {"consent": 3, "something new": 1}}}}
    assert redaction_counts.rows({"a": record, "b": record, "c": {}}) == [
        ["dm", "clips", "no consent", "3"],
        ["dm", "rows", "something new", "1"],
    ]
