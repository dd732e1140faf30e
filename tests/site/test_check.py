"""A finished site with a fault is refused."""

from pathlib import Path

import pytest

from lib.base.errors import SiteError
from lib.site import check

GOOD = '<main><h1 id="a">A</h1><a href="#a">x</a><a href="b.html#b">x</a><img src="p.png" alt=""></main>'


def site(folder: Path, page: str) -> Path:
    (folder / "a.html").write_text(page, encoding="utf-8")
    (folder / "b.html").write_text('<h1 id="b">B</h1>', encoding="utf-8")
    (folder / "p.png").write_bytes(b"")
    return folder


def test_a_good_site_passes(tmp_path: Path) -> None:
    assert set(check.site(site(tmp_path, GOOD))) == {"a.html", "b.html"}


@pytest.mark.parametrize(
    "page",
    [
        '<link id="style" href="b.html"><link id="style" href="b.html"><p id="once"></p>',
        '<a href="./">x</a><a href="sub/../">x</a>',
        "<td>a person says ?@fig-x, ?var:a.b and {{&lt; x &gt;}}</td>",
        '<p title="a person says {{< x >}}">x</p>',
    ],
)
def test_what_only_looks_like_a_fault_passes(tmp_path: Path, page: str) -> None:
    (site(tmp_path, page) / "index.html").write_text("<h1>Start</h1>", encoding="utf-8")
    (tmp_path / "sub").mkdir()
    check.site(tmp_path)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("<p>see <strong>?@fig-x</strong></p>", "unresolved ?@fig-x"),
        ("<p>{{< var a.b >}}</p>", "unresolved {{< var a.b >}}"),
        ("<p><strong>?var:a.b</strong></p>", "unresolved ?var:a.b"),
        ('<p id="x"></p><p id="x"></p>', "id x is given twice"),
        ('<a href="./sub/">x</a>', "link ./sub/ leads nowhere"),
        ('<a href="none.html">x</a>', "link none.html leads nowhere"),
        ('<a href="b.html#none">x</a>', "names an anchor"),
        ('<a href="#none">x</a>', "names an anchor"),
        ('<a href="../notes.md">x</a>', "../notes.md leads outside the site"),
        ('<a href="javascript:alert(1)">x</a>', "not allowed"),
        ('<img src="none.png" alt="">', "none.png leads nowhere"),
        ('<img src="p.png">', "no alternative text"),
        ('<script src="https://cdn.example/x.js"></script>', "from the network"),
        ('<link rel="stylesheet" href="//fonts.example/x.css">', "from the network"),
    ],
)
def test_a_fault_is_refused(tmp_path: Path, page: str, said: str) -> None:
    (tmp_path / "notes.md").write_text("kept beside the site", encoding="utf-8")
    (tmp_path / "site").mkdir()
    with pytest.raises(SiteError, match="a.html") as caught:
        check.site(site(tmp_path / "site", page))
    assert said in str(caught.value)


def test_a_style_that_loads_from_elsewhere_is_refused(tmp_path: Path) -> None:
    (site(tmp_path, GOOD) / "x.css").write_text("@import url(https://fonts.example/x);", encoding="utf-8")
    with pytest.raises(SiteError, match="x.css"):
        check.site(tmp_path)
