"""Typed parameters: a YAML file in, a validated :class:`Profile` out, or one line that says what to mend."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from lib.base import params_file
from lib.base.errors import ParamsError
from lib.base.paths import ROOT, unfit
from lib.models.temos.sizes import TEMOSTraining
from lib.models.tmr.sizes import TMRSizes, TMRTraining
from lib.run.pipeline import BY_STEM

Share = Annotated[float, Field(ge=0, le=1)]
Cosine = Annotated[float, Field(gt=-1, le=1)]
Count = Annotated[int, Field(ge=1)]
Positive = Annotated[float, Field(gt=0)]
Seed = Annotated[int, Field(ge=0, le=1_000_000_000)]
"""One that every generator of random numbers takes, those of 32 bits as well."""
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=64)]
Place = Annotated[str, AfterValidator(os.path.expanduser)]
"""A folder or a name on a hub; a folder may begin at home."""


def _key(key: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", key):
        raise ValueError(
            "at most 64 small letters, digits and _, a letter first, since values and files are named by it"
        )
    return key


Key = Annotated[str, AfterValidator(_key)]


class Section(BaseModel):
    """A block of a parameter file: unknown keys and values of another type are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class CorpusSource(Section):
    """Where one dataset lies and how it is read; ``${VAR}`` in the root comes from the environment."""

    label: str
    kind: Literal["humanml3d", "tmr_annotations", "manifest"]
    root: str
    licence: str | None = None
    private: bool = False

    @property
    def licensed(self) -> dict[str, str]:
        """The licence as an option for a loader; none where the data says its own."""
        return {"licence": self.licence} if self.licence else {}


class Demo(Section):
    """Sizes and seed of the embedded corpora, and the folder they are written to."""

    folder: str
    seed: Seed = 0
    h3d_clips: Annotated[int, Field(ge=40)] = 1000
    dm_clips: Annotated[int, Field(ge=40)] = 2500


class VideoTextModel(Section):
    """A video-text model of the Hugging Face kind, and where the videos lie that it embeds."""

    name: str = "microsoft/xclip-base-patch32"
    revision: str | None = None
    frames: Count | None = None
    trust_remote_code: bool = False
    videos: str = "videos"


class TMRModel(Section):
    """The motion-text model: a run folder of the public code, or what is trained on the profile's corpora."""

    run_dir: Place | None = None
    text_model: Place | None = None
    sizes: TMRSizes = TMRSizes()
    training: TMRTraining = TMRTraining()


class TEMOSModel(Section):
    """The reference generator, trained on the profile's corpora in every regime; it reads TMR's text model."""

    sizes: TMRSizes = TMRSizes()
    training: TEMOSTraining = TEMOSTraining()


class Models(Section):
    """Models: local copies, used before any download, and how those are made that the project trains itself."""

    mpnet: Place | None = None
    video_text: VideoTextModel = VideoTextModel()
    tmr: TMRModel = TMRModel()
    temos: TEMOSModel = TEMOSModel()


class Report(Section):
    """How the site is made; `redact` keeps every corpus as if it were private, unless one is marked so.

    `named` are the captioners of private corpora that the report may call by their names.
    """

    title: str = "Motion data report"
    renderer: Literal["auto", "quarto", "preview"] = "auto"
    redact: bool = False
    named: list[str] = []


class Preparation(Section):
    """00: dataset statistics and the quality funnel."""

    high_pass_cutoff_hz: Positive = 5.0
    high_pass_quantile: Share = 0.99
    high_pass_max: Positive | None = None
    realism_quantile: Share = 0.01
    realism_min: Share | None = None
    discriminator_poses: Annotated[int, Field(ge=500)] = 20_000
    discriminator_epochs: Count = 12
    bootstrap: Annotated[int, Field(ge=20)] = 200
    examples: Count = 4


class Similarity(Section):
    """01: test captions against training captions."""

    thresholds: Annotated[list[Cosine], Field(min_length=1)] = [0.90, 0.95]
    group_threshold: Cosine = 0.95
    leak_free_threshold: Cosine = 0.95
    block: Count = 2048
    bootstrap: Annotated[int, Field(ge=100)] = 2000
    examples: Count = 4
    held_out_draws: Count = 10
    leak_share: Share = 0.05

    @field_validator("thresholds")
    @classmethod
    def _told_apart(cls, bounds: list[float]) -> list[float]:
        if len({round(bound, 2) for bound in bounds}) < len(bounds):
            raise ValueError("bounds that differ in their first two decimals, the ones that tables show")
        return sorted(bounds)


class Actions(Section):
    """02: which verbs dominate."""

    top_bar: Count = 30
    top_pie: Count = 50
    top_log_odds: Count = 15
    claimed: list[str] = ["walk", "dance"]
    bootstrap: Annotated[int, Field(ge=100)] = 1000
    lead_share: Share = 0.95


class Captioners(Section):
    """03: which captioner; by position, the captions of one clip by their place stand for captioners that are alike."""

    by: Literal["captioner", "position"] = "captioner"
    positions: Annotated[int, Field(ge=2, le=6)] = 3
    splits: Annotated[list[Literal["train", "val", "test"]], Field(min_length=1)] = ["test"]
    ties: Literal["average", "optimistic"] = "average"
    block: Count = 512
    gallery_points: Annotated[int, Field(ge=2)] = 8
    bootstrap: Annotated[int, Field(ge=100)] = 1000
    quality_draws: Annotated[int, Field(ge=20)] = 100
    significance: Annotated[float, Field(gt=0, lt=1)] = 0.05
    power: Annotated[float, Field(gt=0, lt=1)] = 0.8


class Survey(Section):
    """The page on which people rank the captioners of one corpus; texts are plain, empty lines part paragraphs."""

    corpus: Key | None = None
    captioners: list[str] = []
    settings: dict[str, dict[str, str | float]] = {}
    split: Literal["train", "val", "test"] | None = None
    items: Count = 20
    seed: Seed = 0
    ties: bool = False
    videos: str | None = None
    embed_videos: bool = True
    title: str = "Which caption describes the motion best?"
    consent: str = (
        "I take part of my own will and may stop at any time. My rankings and the time I take are used to compare "
        "captions; nothing leaves this page until I hand the file in."
    )
    instructions: str = (
        "You will see short motions. Watch each of them as often as you like, then rank its captions by how well they "
        "describe what the body does: is it right, is anything of importance missing, is anything made up?\n\n"
        "A longer caption is not a better one for its length. There are no right answers."
    )
    contact: str = "Send the file to the person who gave you this page."


class Embedding(Section):
    """04: text and motion in TMR's space."""

    keywords: list[str] = []
    classes: Annotated[int, Field(ge=2)] = 4
    not_actions: list[str] = ["begin", "do", "get", "go", "keep", "make", "move", "perform", "see", "start", "take"]
    synonym: Cosine = 0.6
    ties: Literal["average", "optimistic", "expected"] = "average"
    threshold: Cosine = 0.90
    batch: Annotated[int, Field(ge=2)] = 32
    block: Count = 512
    bootstrap: Annotated[int, Field(ge=100)] = 1000
    permutations: Annotated[int, Field(ge=19)] = 999
    significance: Share = 0.05


class Clustering(Section):
    """05: semantic clusters and the sampling weights that they give."""

    clusters: Annotated[int, Field(ge=2)] = 12
    centroids: Annotated[int, Field(ge=2)] = 1000
    rows_per_centroid: Count = 10
    linkage: Literal["ward", "average", "centroid", "single", "complete", "weighted", "median"] = "ward"
    metric: Literal["euclidean", "cosine"] = "euclidean"
    weighted: bool = True
    min_samples: Count = 5
    eps: Positive | None = None
    sample: Annotated[int, Field(ge=10)] = 600
    judged_by: Annotated[list[Literal["coherence", "silhouette", "stability"]], Field(min_length=1)] = [
        "coherence",
        "silhouette",
        "stability",
    ]
    margin: Annotated[float, Field(ge=0)] = 0.02
    otherwise: Literal["text", "motion"] = "text"
    seeds: Annotated[int, Field(ge=2)] = 3
    bootstraps: Count = 5
    bootstrap: Annotated[int, Field(ge=100)] = 100
    permutations: Annotated[int, Field(ge=19)] = 99
    words: Count = 3
    examples: Count = 3
    alpha: float = 0.5
    duplicate_cosine: Cosine = 0.999
    drop_duplicates: bool = False
    growth: Annotated[list[Annotated[int, Field(ge=20)]], Field(min_length=2)] = [500, 1000, 2000]
    growth_to: Count = 380_000


class Evaluation(Section):
    """06: generators on the benchmark's test set."""

    seeds: Annotated[list[Seed], Field(min_length=1)] = [0, 1, 2]
    shuffled: bool = False
    repeats: Count = 5
    repeats_elsewhere: Count = 2
    normalised: bool = True
    pool: Annotated[int, Field(ge=2)] = 32
    bootstrap: Annotated[int, Field(ge=100)] = 1000
    judged_by: Annotated[list[Literal["R@1", "R@2", "R@3", "FID", "KID", "MM-dist"]], Field(min_length=1)] = [
        "R@3",
        "FID",
    ]
    rare: Count = 5
    not_actions: list[str] = ["begin", "do", "get", "go", "keep", "make", "move", "perform", "see", "start", "take"]
    noise: Annotated[list[Annotated[float, Field(ge=0)]], Field(min_length=2)] = [0.0, 0.002, 0.005, 0.02]
    generations: str | None = None

    @field_validator("seeds")
    @classmethod
    def _distinct(cls, seeds: list[int]) -> list[int]:
        if len(set(seeds)) < len(seeds):
            raise ValueError("seeds that differ")
        return seeds


class Visualization(Section):
    """07: the motions themselves, and whether any was learned by heart."""

    prompts: Annotated[list[str], Field(max_length=8)] = []
    rows: Annotated[int, Field(ge=1, le=8)] = 5
    not_actions: list[str] = ["begin", "do", "get", "go", "keep", "make", "move", "see", "seem", "start", "take", "try"]
    near_quantile: Annotated[float, Field(gt=0, lt=1)] = 0.05
    train_sample: Annotated[int, Field(ge=20)] = 1000
    block: Count = 2048
    bootstrap: Annotated[int, Field(ge=100)] = 1000


class Findings(Section):
    """The overview's verdicts; it belongs to no notebook, so that changing a bound runs nothing again.

    Leaks are judged by ``similarity.leak_share``, generators by the metrics ``evaluation.judged_by``.
    """

    larger: Positive = 1.0
    clean_share: Share = 0.5
    no_difference: Annotated[float, Field(ge=0, lt=0.5)] = 0.05
    captioner: str | None = None
    least_test_clips: Count = 500
    least_respondents: Count = 15
    least_seeds: Count = 5


class Profile(Section):
    """One parameter file, resolved: everything a run depends on besides code and data."""

    profile: Name
    description: str = ""
    seed: Seed = 0
    demo: Demo | None = None
    corpora: Annotated[dict[Key, CorpusSource], Field(min_length=1)]
    notebooks: list[Literal[*BY_STEM]] = list(BY_STEM)  # type: ignore[valid-type]
    models: Models = Models()
    report: Report = Report()
    preparation: Preparation = Preparation()
    similarity: Similarity = Similarity()
    actions: Actions = Actions()
    captioners: Captioners = Captioners()
    survey: Survey = Survey()
    embedding: Embedding = Embedding()
    clustering: Clustering = Clustering()
    evaluation: Evaluation = Evaluation()
    visualization: Visualization = Visualization()
    findings: Findings = Findings()

    @field_validator("notebooks")
    @classmethod
    def _readable(cls, notebooks: list[str]) -> list[str]:
        for stem in notebooks:
            if lacking := [earlier for earlier in BY_STEM[stem].after if earlier not in notebooks]:
                raise ValueError(f"{' and '.join(lacking)} as well, whose results {stem} reads")
        return notebooks

    @model_validator(mode="after")
    def _named_once(self) -> "Profile":
        if len(set(self.notebooks)) < len(self.notebooks):
            raise ValueError("a notebook is named twice")
        labels = [source.label for source in self.corpora.values()]
        if len(set(labels)) < len(labels):
            raise ValueError("a label of its own for every corpus, since tables are keyed by label")
        return self

    @property
    def truth(self) -> Path | None:
        """Where it is written what was planted in the profile's own corpora; None on real data."""
        return ROOT / self.demo.folder / "truth.json" if self.demo else None

    @property
    def redacted(self) -> bool:
        """Whether raw captions and ids are withheld: on request, and wherever a corpus is private."""
        return bool(self.private_corpora)

    @property
    def private_corpora(self) -> tuple[str, ...]:
        """Keys of the corpora to withhold: those marked private; all, where redaction is asked for and none is."""
        marked = tuple(key for key, source in self.corpora.items() if source.private)
        return marked or (tuple(self.corpora) if self.report.redact else ())

    @property
    def synthetic(self) -> bool:
        """Whether the profile builds its own corpora."""
        return self.demo is not None

    def for_notebook(self, *sections: str) -> dict[str, Any]:
        """What the result of a notebook that reads these sections depends on, apart from where the data lies."""
        corpora = {key: source.model_dump(exclude={"root"}) for key, source in self.corpora.items()}
        common = {"profile": self.profile, "seed": self.seed, "corpora": corpora, "redact": self.redacted}
        if self.redacted:
            common["named"] = self.report.named
        read = {section: getattr(self, section).model_dump() for section in sections}
        return {**common, "demo": self.demo and self.demo.model_dump(), **read}


def load(path: str | Path, overrides: Mapping[str, Mapping[str, Any]] | None = None) -> Profile:
    """Reads a parameter file.

    Args:
        path: YAML file, absolute or relative to the project's root or the working directory.
        overrides: values by section that replace the file's, as set in a notebook.

    Returns:
        The profile; roots of corpora are absolute.

    Raises:
        ParamsError: missing file, bad YAML, unknown key, wrong type, value out of range, unset variable.
    """
    raw = params_file.read(path)
    for section, values in (overrides or {}).items():
        raw[section] = {**(raw.get(section) or {}), **values}
    try:
        profile = Profile.model_validate(raw)
    except ValidationError as error:
        raise params_file.explain(error, Profile, path) from None
    resolved = {
        key: source.model_copy(update={"root": _root(source.root, key, path)})
        for key, source in profile.corpora.items()
    }
    return profile.model_copy(update={"corpora": resolved})


def _root(root: str, key: str, path: str | Path) -> str:
    unset = [name for name in re.findall(r"\$\{(\w+)\}", root) if not os.environ.get(name)]
    if unset:
        fix = f"say where the data lies, as in: make report PARAMS={path} {unset[0]}=/data/folder"
        raise ParamsError(f"corpora.{key}.root needs {unset[0]}, which is not set", where=path, fix=fix)
    resolved = os.path.realpath(ROOT / os.path.expanduser(os.path.expandvars(root)))
    if character := unfit(resolved):
        what = f"corpora.{key}.root = {resolved!r} holds {character}"
        raise ParamsError(what, where=path, fix="give the folder another name, or a link to it")
    return resolved
