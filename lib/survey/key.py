"""The key of a survey: which clip and captioner each code stands for. It stays with the makers."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from lib.base import atomic
from lib.base.errors import UserError
from lib.survey.items import Survey
from lib.survey.parameters import Mode


class SurveyError(UserError):
    """A key or a response that cannot be used."""


class KeyItem(BaseModel):
    """One item: its clip, and its captioners by code; what it repeats, or which caption is false, and of which clip."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    clip_id: str
    captioners: dict[str, str]
    repeats: str = ""
    false: str = ""
    false_from: str = ""


class Key(BaseModel):
    """What resolves the codes of one survey.

    Attributes:
        survey: checksum of what respondents see.
        profile: the profile whose captions it compares.
        ties: whether two captions may share a rank.
        mode: how items are asked.
        items: by code, in the order of the draw.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    survey: str
    profile: str
    ties: bool = False
    mode: Mode = "ranking"
    items: dict[str, KeyItem]

    @classmethod
    def of(cls, survey: Survey, profile: str) -> "Key":
        """The key of a survey."""
        items = {
            item.code: KeyItem(
                clip_id=item.clip_id,
                captioners={c.code: c.captioner for c in item.captions},
                repeats=item.repeats,
                false=item.false,
                false_from=item.false_from,
            )
            for item in survey.items
        }
        return cls(survey=survey.id, profile=profile, ties=survey.ties, mode=survey.mode, items=items)

    @property
    def checked(self) -> bool:
        """Whether any item is repeated or gold."""
        return any(item.repeats or item.false for item in self.items.values())


def write(key: Key, path: Path) -> Path | None:
    """Writes a key; the key of another survey under that name is moved aside first, for its answers may be under way.

    Returns:
        Where the other key is now, if there was one.
    """
    aside = None
    if path.is_file() and (old := _of_file(path)) is not None and old.survey != key.survey:
        aside = path.with_name(f"{key.profile}.{old.survey}.key.json")
        atomic.rename(path, aside)
    atomic.write_text(path, key.model_dump_json(indent=1) + "\n")
    return aside


def read(path: Path) -> Key:
    """Reads a key.

    Raises:
        SurveyError: missing, or no key.
    """
    if not path.is_file():
        raise SurveyError("no such key", where=path, fix="make survey writes it beside the page; name it with --key")
    key = _of_file(path)
    if key is None:
        raise SurveyError("not the key of a survey", where=path, fix="name the file ending in .key.json")
    return key


def _of_file(path: Path) -> Key | None:
    try:
        return Key.model_validate_json(path.read_bytes())
    except ValidationError:
        return None
