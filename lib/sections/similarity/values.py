"""The values that 01 records, and what each says; a page, a guard or the rule reads these and no others."""

VALUES = {
    "text_cosine": "the highest threshold, at which the rule by text decides",
    "text_share": "share of test clips with a training caption at that cosine or above",
    "held_out_share": "the same of clips from recordings held out of training, with its range over draws",
    "beside_held_out_share": "share of test clips in the training clips that those draws leave",
    "source_share": "share of test clips cut from a recording that feeds training",
    "source_test_clips": "test clips whose recording is known",
    "source_{flag}": "test clips that share recordings with training in one of the ways of `leakage.FLAGS`",
    "{caption|clip}_{cosine|half}_{threshold}": "share with a near-duplicate, by scale and hundredths",
    "held_out_{caption|clip}_cosine_{threshold}": "the same of held-out recordings",
    "beside_held_out_{caption|clip}_cosine_{threshold}": "the same of the test set, beside those draws",
    "exact_{caption|clip}": "share of captions or clips whose text stands in training",
    "less_alike": "where fewer test clips than held-out clips are near training",
    "{near|exact}_groups": "groups of captions within the benchmark, by kind",
    "{test|train}_clips": "clips of the test or training set, mirrors left out",
    "{test|train}_captioned_clips": "those that have captions",
    "partial": "what missing captions do to the shares",
    "leak_free_clips": "test clips that share neither recording nor wording with training",
    "leak_free_of": "test clips that were looked at for it, mirrors counted",
    "leak_free_rule": "the rule of the list",
}
