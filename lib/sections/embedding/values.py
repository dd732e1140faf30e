"""The values that 04 records, and what each says; a page, a guard or the rule reads these and no others."""

VALUES = {
    "{corpus}_centroid_gap": "distance of the mean directions of text and motion, test clips without mirrors",
    "{corpus}_gap_floor": "the centroid gap that chance alone gives",
    "{corpus}_probe_auc": "AUC of a linear probe that tells the modalities",
    "{corpus}_{matched|mismatched}_cosine": "mean cosine of a text and its motion, or another clip's",
    "{corpus}_alignment": "mean squared distance of matched pairs",
    "{corpus}_uniformity_of_{texts|motions}": "how evenly latents fill the sphere",
    "{corpus}_{t2m|m2t}_{all|small}_{r1|r3}": "R@1 and R@3 among all test clips and among 32, by direction",
    "{corpus}_{text|motion}_{probe|silhouette}_difference_p": "its p value, corrected by Holm's method",
    "{corpus}_text_probe_difference": "what the full space adds to the plane for classes, texts by a probe",
    "{corpus}_motion_probe_difference": "the same of motions by a probe",
    "{corpus}_text_silhouette_difference": "the same of texts by silhouette",
    "{corpus}_motion_silhouette_difference": "the same of motions by silhouette",
    "{corpus}_sentences": "distinct captions of the test clips",
    "{corpus}_sentence_shared": "share of test clips whose caption another clip has too",
    "{corpus}_test_clips": "test clips, mirrors counted",
    "{corpus}_ceiling_all": "R@1 of a model that knows each motion's caption and nothing more",
    "keywords": "the verbs of the classes",
    "epochs": "epochs that TMR was trained for",
    "training_seconds": "time of that training",
    "too_few": "which test splits are too small to be measured",
}
