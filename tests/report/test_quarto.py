"""Quarto is found, used and held to the same standard; a small script stands in for it here."""

from pathlib import Path

import pytest

from lib.errors import SiteError
from lib.report import quarto, site


def stand_in(folder: Path, *, version: str = "1.6.40", says: str = "", code: int = 0) -> Path:
    program = folder / "quarto"
    program.write_text(
        f"""#!/bin/sh
if [ "$1" = --version ]; then echo {version}; exit 0; fi
mkdir -p "$2/_site" && echo '<h1>made by quarto</h1>' > "$2/_site/index.html"
echo '{says}' >&2; exit {code}
""",
        encoding="utf-8",
    )
    program.chmod(0o755)
    return program


def test_quarto_is_used_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUARTO", str(stand_in(tmp_path)))
    (tmp_path / "pages").mkdir()
    assert site.render(tmp_path / "pages", tmp_path / "site") == "quarto"
    assert "made by quarto" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"version": "1.4.550"}, "too old"),
        ({"says": "WARN: Unable to resolve crossref @fig-x"}, "Unable to resolve crossref @fig-x"),
        ({"says": "ERROR: no such thing", "code": 1}, "ERROR: no such thing"),
    ],
)
def test_a_warning_of_quarto_fails_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, str | int], said: str
) -> None:
    monkeypatch.setenv("QUARTO", str(stand_in(tmp_path, **options)))  # type: ignore[arg-type]
    (tmp_path / "pages").mkdir()
    with pytest.raises(SiteError) as caught:
        site.render(tmp_path / "pages", tmp_path / "site")
    assert said in str(caught.value)


def test_quarto_asked_for_but_absent_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QUARTO", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SiteError, match="not on PATH"):
        site.render(tmp_path, tmp_path / "site", renderer="quarto")
    monkeypatch.setenv("QUARTO", str(tmp_path / "none"))
    with pytest.raises(SiteError, match="names no program"):
        quarto.find()
