"""Texts that try to break out of a page, in every field that data can fill, stay texts or are refused in a line."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lib.base.errors import UserError
from lib.draw import table
from lib.run.redaction import Redaction
from lib.site import site
from lib.site.stage import REPORT, stage
from tests.site import fixture

STRINGS = {
    "markup": "<script>alert(1)</script> <img src=x onerror=alert(1)></td></table></div> javascript:alert(1) "
    "%3Cscript%3E &lt;script&gt; &#60;script&#62; ]]><!--<script>alert(1)</script>--><?php ?>",
    "attributes": '" onmouseover="alert(1)" x="',
    "shortcodes": "{{< include /etc/hostname >}} {{< var run.profile >}} {{{< x >}}} =HYPERLINK(1) | a |\n|---|---|",
    "fences": "::: {.callout}\n```{=html}\n<script>alert(1)</script>\n```\n\\input{/etc/hostname} $\\href{a:}$",
    "signs": "\u202eright to left \u0000 \x07 \x1b[31m line\u2028separator \ufeff\ufffe",
}
"""The same in all fields; names with @ are escaped where they enter a page, which tests/site holds."""


class Acting(HTMLParser):
    """What of a page would act that the page did not bring itself."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.scripts: list[str] = []
        self.inside = False
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag == "script"
        for name, value in attrs:
            if name.startswith("on") or (value or "").strip().lower().startswith("javascript:") or value == "x":
                self.found.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        if self.inside and "alert(1)" in data and not data.lstrip().startswith(("{", "[", "window")):
            self.found.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.inside = False


def filled(root: Path, text: str) -> tuple[Path, dict[str, Any]]:
    """Results and parameters of a run in which every field that data can fill holds the text."""
    results = fixture.write(root / "results", REPORT)
    for folder in (results / "fixture").iterdir():
        frame = pd.DataFrame({"clip_id": [text], text: [text], "captioner": [text], "caption": [text], "n": [3]})
        for file in (folder / "tables").glob("*.html"):
            file.write_text(table.render(frame, {}, file.stem), encoding="utf-8", errors="replace")
        for file in (folder / "figures").glob("*.txt"):
            file.write_text(f"The clips of {text}", encoding="utf-8", errors="replace")
        values = json.loads((folder / "values.json").read_text(encoding="utf-8"))
        values |= {name: text for name, value in values.items() if isinstance(value, str)} | {"captioner_1": text}
        (folder / "values.json").write_text(json.dumps(values), encoding="utf-8")
        record = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
        record |= {"corpora": {"h3d": {"label": text, "sha256": "cd" * 32}}, "models": {text: "ef" * 32}}
        record |= {"warnings": [f"{text}: 3 captions missing"], "device": text, "versions": {text: text}}
        record["withheld"] = {"rows": {text: {"consent": 1}}, "private": {text: {text: 2}}, "outputs": {text: 3}}
        (folder / "provenance.json").write_text(json.dumps(record), encoding="utf-8")
    survey = {"contact": text, "title": text, "videos": text}
    return results, {"survey": survey, "visualization": {"prompts": [text]}, "findings": {"captioner": text}}


@pytest.mark.parametrize("text", STRINGS.values(), ids=STRINGS)
def test_a_hostile_text_in_every_field_stays_a_text_or_is_refused_in_a_line(tmp_path: Path, text: str) -> None:
    results, parameters = filled(tmp_path, text)
    facts = {"profile": "fixture", "notebooks": fixture.STEMS, "synthetic": False, "parameters": parameters}
    try:
        staged = stage(results, title=f"Report of {text}", folder=tmp_path / "pages", **facts)
        built = site.build(staged, tmp_path / "site", renderer="preview").path
    except UserError as error:
        assert "\n" not in str(error) and not (tmp_path / "site").exists()
        return
    pages = {page: page.read_text(encoding="utf-8") for page in built.rglob("*.html")}
    assert len(pages) > 5
    machine = Path("/etc/hostname").read_text(encoding="utf-8").strip() if Path("/etc/hostname").is_file() else ""
    for page, markup in pages.items():
        assert Acting(markup).found == [], page
        assert not machine or not re.search(rf"\b{re.escape(machine)}\b", markup), page


@pytest.mark.parametrize("text", STRINGS.values(), ids=STRINGS)
def test_a_hostile_text_passes_the_redaction_as_a_text(text: str) -> None:
    rule = Redaction(["dm"], dict)
    assert rule.text(text) == text and rule.value({"a": [text]}) == {"a": [text]}
    assert rule.frame(pd.DataFrame({text: [text]})).to_dict("list") == {text: [text]}
