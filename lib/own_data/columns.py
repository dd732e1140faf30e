"""What each column of a manifest's tables holds, as people are told it."""

CLIPS = {
    "clip_id": "text, one of its own for each clip, fit to name a file",
    "split": "`train`, `val` or `test`; each needs a clip with consent",
    "fps": "frames a second; features are defined at 20, another rate is reported",
    "n_frames": "poses of the clip in `joints.npy`; empty without motion",
    "offset": "row of the clip's first pose in `joints.npy`; empty without motion, or with a file a clip",
    "source": "the recording the clip was cut from; clips of one recording in two splits are a leak",
    "body_mode": "`full` or `upper`",
    "person_count": "people in the recording, a whole number",
    "consent": "`true` lets the clip into the report; `false` or empty: the row is counted and never shown",
    "mirror_of": "`clip_id` of the clip that this one mirrors, or empty",
}
CAPTIONS = {
    "clip_id": "the clip that the sentence describes",
    "caption_id": "text, one of its own for each caption",
    "text": "the sentence, as written",
    "captioner": "who or what wrote it; `human` are people, any other name is a captioner to compare",
    "tokens": "`word/POS word/POS …`, or empty: then spaCy tags it by HumanML3D's rule",
    "start_s": "second where the part described begins; 0 and 0 are the whole clip",
    "end_s": "second where it ends, not before `start_s`",
}
EXTRA = "Any further column of `clips.parquet` is kept as a label of the clip, such as `style` here."
