"""The page as text: what it holds, what it does not give away, and what it cannot be made to do."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from markupsafe import Markup

from lib.survey import page
from lib.survey.items import Caption, Item, Survey
from lib.survey.key import SurveyError
from lib.survey.media import video, video_of
from lib.survey.parameters import SurveyParameters

HOSTILE = [
    "</script><script>document.title='owned'</script>",
    "<!-- <script> --> <img src=x onerror=alert(1)> & \"quotes\" 'too' \u2028 ]]>",
    "{{ 7 * 7 }} {% raw %} مرحبا 人が歩く 👩‍🦽",
]


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.inside = tag == "script"
        if self.inside:
            self.scripts.append("")

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.scripts[-1] += data


@pytest.fixture
def hostile() -> Survey:
    captions = tuple(Caption(code, f"captioner-{code}", text) for code, text in zip("abc", HOSTILE, strict=True))
    return Survey((Item("qq", "secret-clip-7", captions),))


def written(survey: Survey, **wording: str) -> str:
    media = {item.code: Markup("<p>motion</p>") for item in survey.items}
    return page.render(survey, media, SurveyParameters(**wording))


def test_captions_are_data_and_come_through_as_they_are(hostile):
    found = Elements(written(hostile))
    data = json.loads(found.scripts[0])
    assert [caption["text"] for caption in data["items"][0]["captions"]] == HOSTILE
    assert data["survey"] == hostile.id
    assert len(found.scripts) == 3 and not [tag for tag, _ in found.tags if tag == "img"]


def test_wording_is_text_too(hostile):
    html = written(
        hostile,
        title="<b>Bold</b> & more",
        consent="<script>1</script>",
        instructions="One.\n\n<i>Two.</i>",
        contact="a@b & c",
    )
    found = Elements(html)
    assert not {"b", "i"} & {tag for tag, _ in found.tags} and len(found.scripts) == 3
    assert "<p>One.</p>" in html and "&lt;i&gt;Two.&lt;/i&gt;" in html


def test_neither_captioner_nor_clip_can_be_read_in_the_page(survey):
    html = written(survey)
    for item in survey.items:
        assert item.clip_id not in html
    names = json.dumps(json.loads(Elements(html).scripts[0]))
    texts = {caption.text for item in survey.items for caption in item.captions}
    for text in texts:
        names = names.replace(text, "")
    assert not re.search("alpha|beta|gamma|clip", names)


def test_the_policy_allows_the_pages_own_scripts_and_no_other(hostile):
    found = Elements(written(hostile))
    policy = next(attrs["content"] for tag, attrs in found.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    hashes = re.findall(r"'sha256-([^']+)'", policy)
    own = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in found.scripts[1:]]
    assert hashes == own and "default-src 'none'" in policy and "connect" not in policy


def test_nothing_is_asked_of_a_network(hostile):
    found = Elements(written(hostile))
    addresses = [value for _, attrs in found.tags for name, value in attrs.items() if name in {"src", "href"}]
    assert addresses == ["data:,"]


def test_the_page_is_the_same_each_time(survey):
    assert written(survey) == written(survey)


def test_a_video_is_held_by_the_page_or_copied_under_its_code(tmp_path):
    (tmp_path / "videos").mkdir()
    (tmp_path / "videos" / "clip 1.webm").write_bytes(b"moving")
    inside = video(tmp_path / "videos", "clip 1", "qq")
    assert f"data:video/webm;base64,{base64.b64encode(b'moving').decode()}" in inside and "clip 1" not in inside
    beside = video(tmp_path / "videos", "clip 1", "qq", beside=tmp_path / "out" / "shown")
    assert 'src="shown/qq.webm"' in beside and (tmp_path / "out" / "shown" / "qq.webm").read_bytes() == b"moving"
    assert "autoplay" not in inside
    with pytest.raises(SurveyError, match="no video of 'clip 2'"):
        video(tmp_path / "videos", "clip 2", "qq")


def test_an_id_never_leads_out_of_the_folder_of_videos(tmp_path):
    (tmp_path / "videos").mkdir()
    (tmp_path / "private.mp4").write_bytes(b"x")
    assert video_of(tmp_path / "videos", "../private") is None
    assert video_of(tmp_path / "videos", str(tmp_path / "private")) is None
