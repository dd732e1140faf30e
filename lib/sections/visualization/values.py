"""The values that 07 records, and what each says; a page, a guard or the rule reads these and no others."""

VALUES = {
    "clips": "test clips whose captions generators were given, mirrors counted",
    "base_clips": "the same without mirrors",
    "training_clips": "training clips of all regimes",
    "trained_on": "how many clips TMR and the generators were trained on, of how many",
    "prompts": "prompts that are shown",
    "prompt_{number}": "the caption of a prompt",
    "look_{number}": "what to watch in the motions of a prompt",
    "models": "names of the models that are shown",
    "shown_fps": "frames a second that players show",
    "withheld": "what is withheld, where anything is",
    "{shape|meaning}_bounds": "distance below which a motion is near training, by model",
    "near_quantile": "share of training motions that sets those bounds, and at which the rule decides",
    "model_{number}": "name of a model that the rule judges",
    "near_{number}": "share of its motions that lie near training by shape",
    "energy_{number}": "its motion energy as a ratio to the real motions of the same captions, by which it is judged",
    "trivial_{number}": "name of an answer that needs no generator",
    "trivial_near_{number}": "share of the motions of such an answer that lie near training by shape",
    "trivial_energy_{number}": "its motion energy as a ratio to the real motions of the same captions",
    "{model}_{shape|meaning}_{made|real|training}_near": "share of generated, real or training motions near training",
    "{model}_{shape|meaning}_made_closer": "share of motions nearer to training than the real one of their caption",
}
