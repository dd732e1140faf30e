"""The values that 02 records, and what each says; a page, a guard or the rule reads these and no others."""

VALUES = {
    "claim_{number}_verb": "the verb that is claimed to lead the dataset of this number, in the profile's order",
    "claim_{number}_leads": "share of resamples in which that verb is the most frequent one",
    "claim_{number}_share": "share of the dataset's action verbs that it takes",
    "{corpus}_top_verb": "the most frequent action of a dataset",
    "{corpus}_top_share": "share of the dataset's action verbs that it takes",
    "{corpus}_top_leads": "share of resamples in which it is the most frequent one",
    "{corpus}_distinct_verbs": "how many actions there are in the dataset",
    "{corpus}_captions_with_verb": "share of captions with a verb that names an action",
    "{corpus}_set_aside": "share of verb occurrences that name no action, which are not ranked",
    "jensen_shannon": "distance of the actions of the first two datasets",
    "jensen_shannon_floor": "distance of two samples of these sizes from one distribution",
    "selection": "which clips the section uses",
    "jensen_shannon_all": "the same distance on all clips, those that the filter drops among them",
    "filter": "how far the filter moves the distance and the leading verbs",
    "missed": "planted shares that the interval of the recovered one does not hold",
    "other_languages": "captions left out as no English",
}
