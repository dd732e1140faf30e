"""The survey as one HTML file: its data, its scripts and its style inside, and nothing asked of any network."""

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from lib.draw.motion_player import assets
from lib.survey.items import QUESTION, WHICH, Survey
from lib.survey.parameters import SurveyParameters

WEB = Path(__file__).with_name("web")
SCRIPTS = ("hashing.js", "saving.js", "clock.js", "ranking.js", "choosing.js", "exporting.js", "survey.js")


def render(survey: Survey, media: Mapping[str, Markup], wording: SurveyParameters, *, synthetic: bool = False) -> str:
    """Writes the page.

    Args:
        survey: what to rank. Names of captioners and ids of clips stay out of the page: it holds codes.
        media: by item code, the markup that shows the clip: see `lib.survey.media`.
        wording: title, consent, instructions and contact, as plain text.
        synthetic: whether the page says that motions and captions were generated.

    Returns:
        A whole HTML page. Captions are data in it and never markup; a content security policy lets nothing run but the
        page's own scripts and lets nothing be fetched or sent.
    """
    items = [
        {"code": item.code, "captions": [{"code": c.code, "text": c.text} for c in item.captions]}
        for item in survey.items
    ]
    pairwise = survey.mode == "pairwise"
    code = "\n".join((WEB / name).read_text(encoding="utf-8") for name in SCRIPTS)
    player_style, player_script = assets()
    scripts = [player_script, f'"use strict";\n(() => {{\n{code}\n}})();']
    environment = Environment(
        loader=FileSystemLoader(WEB), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("page.html.j2").render(
        title=wording.title,
        consent=paragraphs(wording.consent),
        instructions=paragraphs(wording.instructions),
        contact=paragraphs(wording.contact),
        synthetic=synthetic,
        n=len(items),
        k=len(survey.captioners),
        question=WHICH if pairwise else QUESTION.format(len(survey.captioners)),
        pairwise=pairwise,
        ties=survey.ties,
        policy=_policy(scripts),
        style=Markup(player_style + (WEB / "survey.css").read_text(encoding="utf-8")),
        media=media,
        scripts=[Markup(script) for script in scripts],
        data=Markup(_json({"survey": survey.id, "mode": survey.mode, "ties": survey.ties, "items": items})),
    )


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, which empty lines part.

    Example:
        >>> paragraphs("One" + chr(10) + "line." + 2 * chr(10) + "Two.")
        ['One line.', 'Two.']
    """
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def _json(data: object) -> str:
    # Inside a script element "</script" and "<!--" would end or change it, whatever the quotes around them.
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _policy(scripts: list[str]) -> str:
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts
    )
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; "
        "media-src data: blob: 'self' file:; base-uri 'none'; form-action 'none'"
    )
