"""The values that 02 records, and what each says; a page, a guard or the rule reads these and no others."""

VALUES = {
    "claim_{number}_verb": "the verb that is claimed to lead the dataset of this number, in the profile's order",
    "claim_{number}_leads": "share of resamples in which that verb is the most frequent one",
    "claim_{number}_share": "share of the verb occurrences of the dataset that it takes",
    "{corpus}_top_verb": "the most frequent verb of a dataset",
    "{corpus}_top_share": "share of the dataset's verb occurrences that it takes",
    "{corpus}_top_leads": "share of resamples in which it is the most frequent one",
    "{corpus}_distinct_verbs": "how many verbs there are in the dataset",
    "{corpus}_captions_with_verb": "share of captions with a verb",
    "jensen_shannon": "distance of the verbs of the first two datasets",
    "jensen_shannon_floor": "distance of two samples of these sizes from one distribution",
    "selection": "which clips the section uses",
    "jensen_shannon_all": "the same distance on all clips, those that the filter drops among them",
    "filter": "how far the filter moves the distance and the leading verbs",
    "missed": "planted shares that the interval of the recovered one does not hold",
    "other_languages": "captions left out as no English",
}
