"""The item of the survey that 03 shows: the first one of the page that a profile asks for."""

from lib.base.errors import CorpusError
from lib.run.results import Run
from lib.sections.captioners.picture import ExampleItem
from lib.survey.asked import survey_of


def example(run: Run) -> ExampleItem | None:
    """The first item of the survey page, in the order of one respondent.

    Returns:
        The item; None where the profile's corpora have no captioners to ask about, or where the motion is private.
    """
    parameters = run.profile.survey
    try:
        survey, corpus = survey_of(parameters, run.all_clips)
    except CorpusError:
        return None
    if run.redaction.drawable(corpus) is None:
        return None
    item = survey.items[0]
    fps = float(corpus.clips.set_index("clip_id")["fps"][item.clip_id])
    return ExampleItem(item, corpus.joints(item.clip_id), fps, str(parameters.seed))
