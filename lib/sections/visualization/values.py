"""The values that 07 records, and what each says; a page, a guard or the rule reads these and no others."""

VALUES = {
    "clips": "test clips whose captions generators were given, mirrors counted",
    "base_clips": "the same without mirrors",
    "training_clips": "training clips of all regimes",
    "prompts": "prompts that are shown",
    "prompt_{number}": "the caption of a prompt",
    "models": "names of the models that are shown",
    "shown_fps": "frames a second that players show",
    "withheld": "what is withheld, where anything is",
    "shape_bounds": "distance by shape below which a motion is near training, by model",
    "meaning_bounds": "the same by meaning",
    "near_quantile": "share of training motions that sets those bounds, and at which the rule decides",
    "model_{number}": "name of a model that the rule judges",
    "near_{number}": "share of its motions that lie near training by shape",
    "closer_by_shape_{number}": "share of its motions nearer to training than the real motion of their caption",
    "closer_by_meaning_{number}": "the same by meaning",
    **{
        f"{{model}}_{measure}_{kind}_near": "share of generated, real or training motions that lie near training"
        for measure in ("shape", "meaning")
        for kind in ("made", "real", "training")
    },
    "{model}_shape_made_closer": "share of motions nearer to training than the real one of their caption, by shape",
    "{model}_meaning_made_closer": "the same by meaning",
}
