"""Claims of every setting of every captioner, by which settings are chosen where clips have motions."""

import numpy as np

from lib.captioning import claims
from lib.metrics.intervals import Floats
from lib.sections.captioners.caption_space import Space
from lib.sections.captioners.claim_precision import CLIPS
from lib.sections.captioners.compared_captions import ComparedCaptions


def setting_claims(
    compared: ComparedCaptions, space: Space, *, rng: np.random.Generator, clips: int = CLIPS, progress: bool = True
) -> dict[str, Floats] | None:
    """Supported less contradicted claims of every setting's caption of every clip of the gallery.

    A measure that does not tell true captions from false ones should choose no settings, and recall may be one. The
    difference rewards neither who says little nor who says what is false.

    Args:
        compared: the captions.
        space: whose clips they are.
        rng: draws the clips that are looked at.
        clips: at most so many.
        progress: whether to show a bar.

    Returns:
        By setting (n,), in the order of the gallery's clips, NaN where not looked at; None where no captioner has
        several settings, or no clip a motion.

    Raises:
        ModelError: no spaCy model is installed.
    """
    several = len(compared.owner) > len(compared.names)
    if compared.corpus is None or compared.by == "position" or space.gallery is None or not several:
        return None
    table = compared.corpus.clips.set_index("clip_id").loc[space.clip_ids]
    moving = np.sort(table.index[table["has_motion"]].to_numpy(dtype=str))
    drawn = set(rng.permutation(moving)[:clips].tolist())
    captions = compared.captions[compared.captions["clip_id"].isin(drawn)]
    if captions.empty:
        return None
    flags = claims.check_corpus(
        captions.assign(captioner=captions["setting"]), compared.corpus, progress=progress
    ).flags
    net = flags.assign(net=flags["decided"] - 2 * flags["contradicted"])
    wide = net.pivot(index="clip_id", columns="captioner", values="net").reindex(space.clip_ids)
    return {str(setting): wide[setting].to_numpy(dtype=np.float64) for setting in wide}
