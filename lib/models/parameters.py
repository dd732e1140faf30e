"""The block ``models`` of a parameter file."""

from typing import Literal

from lib.base.parameters import Clips, Count, Place, Section, Seed
from lib.models.evaluators.sizes import EvaluatorSizes, EvaluatorTraining
from lib.models.momask.sizes import MoMaskSizes, MoMaskTraining, Sampling
from lib.models.tmr.sizes import TMRSizes, TMRTraining


class VideoTextModel(Section):
    """The judge, a video-text model: of transformers, or a folder with a pair of ONNX encoders; and its videos."""

    name: str = "microsoft/xclip-base-patch32"
    revision: str | None = None
    frames: Count | None = None
    trust_remote_code: bool = False
    code_sha256: str | None = None
    videos: str = "videos"


class SentenceEncoder(Section):
    """What makes sentence vectors: all-mpnet-base-v2, or a seeded stand-in that no page leaves unnamed."""

    kind: Literal["mpnet", "stand-in"] = "mpnet"
    seed: Seed = 0


class TMRModel(Section):
    """The motion-text model: a run folder of the public code, or what is trained on `clips` of the corpora.

    `sample` is how many training clips are drawn of those, all corpora together, and of the others the same share.
    """

    run_dir: Place | None = None
    text_model: Place | None = None
    clips: Clips = "kept"
    sample: Count | None = None
    sizes: TMRSizes = TMRSizes()
    training: TMRTraining = TMRTraining()


class MoMaskModel(Section):
    """The reference generator, trained on the profile's corpora in every regime, and how motions are drawn from it."""

    sizes: MoMaskSizes = MoMaskSizes()
    training: MoMaskTraining = MoMaskTraining()
    sampling: Sampling = Sampling()


class EvaluatorModel(Section):
    """The text-to-motion evaluator beside TMR: a folder of its public files, or what is trained on TMR's clips."""

    run_dir: Place | None = None
    sizes: EvaluatorSizes = EvaluatorSizes()
    training: EvaluatorTraining = EvaluatorTraining()


class Models(Section):
    """Models: local copies, used before any download, and how those are made that the project trains itself."""

    mpnet: Place | None = None
    encoder: SentenceEncoder = SentenceEncoder()
    video_text: VideoTextModel = VideoTextModel()
    tmr: TMRModel = TMRModel()
    momask: MoMaskModel = MoMaskModel()
    evaluator: EvaluatorModel = EvaluatorModel()
