"""The block ``dataset`` of a parameter file."""

from lib.base.parameters import Count, Section


class DatasetParameters(Section):
    """What `make dataset` writes; it enters no notebook's stamp.

    Attributes:
        captioners: whose captions the corpora other than the benchmark are given; without any, the chosen captioner's
            (``findings.captioner``), and where that one wrote none for training, the captions that a corpus has.
        mirrors: whether mirrored clips go with their base clips; the two share one weight.
        webdataset: whether the clips are also packed into WebDataset shards.
        shard_clips: clips a shard.
    """

    captioners: list[str] = []
    mirrors: bool = True
    webdataset: bool = False
    shard_clips: Count = 1000
