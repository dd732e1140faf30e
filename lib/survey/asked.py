"""The survey that a profile asks for: the same for the page and for a picture of one of its items."""

from collections.abc import Mapping
from pathlib import Path

from lib.base.paths import ROOT
from lib.corpus import Corpus
from lib.corpus.captioners import compared
from lib.survey.items import Survey, choose, of_captioners
from lib.survey.key import SurveyError
from lib.survey.media import showable
from lib.survey.parameters import SurveyParameters


def survey_of(asked: SurveyParameters, corpora: Mapping[str, Corpus]) -> tuple[Survey, Corpus]:
    """Draws the items that the parameters ask for.

    Args:
        asked: the section `survey` of a profile.
        corpora: of the profile, by key.

    Returns:
        The survey, and the corpus whose clips it shows: the one named, else the last with captions by two captioners.

    Raises:
        SurveyError: no corpus of that name.
        CorpusError: fewer than two captioners, one that is not there, or no clip that all of them described.
    """
    if asked.corpus is not None and asked.corpus not in corpora:
        raise SurveyError(f"survey.corpus is {asked.corpus!r}", fix=f"name one of {', '.join(corpora)}")
    named = [corpora[asked.corpus]] if asked.corpus else list(corpora.values())[::-1]
    captions = [compared(corpus) for corpus in named]
    place = next((n for n, table in enumerate(captions) if table.captioner.nunique() > 1), 0)
    asked_for = of_captioners(captions[place], asked.captioners, asked.settings)
    clips = showable(named[place], split=asked.split, videos=videos_of(asked))
    survey = choose(
        asked_for,
        clips,
        n=asked.items,
        seed=asked.seed,
        ties=asked.ties,
        mode=asked.mode,
        repeats=asked.repeats,
        gold=asked.gold,
    )
    return survey, named[place]


def videos_of(asked: SurveyParameters) -> Path | None:
    """The folder of videos, relative to the project's root."""
    return ROOT / Path(asked.videos).expanduser() if asked.videos else None
