"""The block ``survey`` of a parameter file."""

from typing import Annotated, Literal

from pydantic import Field

from lib.base.parameters import Count, Key, Section, Seed

Mode = Literal["ranking", "pairwise"]
"""All captions of a clip ranked, or two of them held against each other."""


class SurveyParameters(Section):
    """The page on which people rank the captioners of one corpus; texts are plain, empty lines part paragraphs.

    Beside `items`, `repeats` of them are asked twice, and `gold` further ones hold a caption of another clip.
    """

    corpus: Key | None = None
    captioners: list[str] = []
    settings: dict[str, dict[str, str | float]] = {}
    split: Literal["train", "val", "test"] | None = None
    items: Count = 20
    mode: Mode = "ranking"
    repeats: Annotated[int, Field(ge=0)] = 0
    gold: Annotated[int, Field(ge=0)] = 0
    seed: Seed = 0
    ties: bool = False
    videos: str | None = None
    embed_videos: bool = True
    title: str = "Which caption describes the motion best?"
    consent: str = (
        "I take part of my own will and may stop at any time. My answers and the time I take are used to compare "
        "captions; nothing leaves this page until I hand the file in."
    )
    instructions: str = (
        "You will see short motions. Watch each of them as often as you like, then judge its captions by how well they "
        "describe what the body does: is it right, is anything of importance missing, is anything made up?\n\n"
        "A longer caption is not a better one for its length. Go by what you see."
    )
    contact: str = "Send the file to the person who gave you this page."
