"""A model's files from the Hugging Face hub, given up within seconds where there is none."""

import errno
from collections.abc import Iterable
from pathlib import Path

from lib.base.errors import ModelError

PATIENCE_S = 5.0


def fetch(repository: str, revision: str, names: Iterable[str], folder: Path) -> Path:
    """Downloads files of one revision; a half download goes on where it stopped.

    One question without retries shows first whether the hub can be reached at all. `HF_HUB_OFFLINE`, `HF_ENDPOINT` and
    `HF_TOKEN` mean what they mean to huggingface_hub.

    Args:
        repository: `owner/name`.
        revision: commit hash, so that the answer never changes.
        names: files, relative to the repository.
        folder: where they go.

    Returns:
        The folder.

    Raises:
        ModelError: the hub is switched off, cannot be reached, or lacks a file.
        OSError: the disk is full.
    """
    from huggingface_hub import constants, get_hf_file_metadata, hf_hub_download, hf_hub_url

    if constants.HF_HUB_OFFLINE:
        raise ModelError("switched off by HF_HUB_OFFLINE")
    try:
        get_hf_file_metadata(hf_hub_url(repository, "config.json", revision=revision), timeout=PATIENCE_S)
        for name in names:
            hf_hub_download(repository, name, revision=revision, local_dir=folder, etag_timeout=PATIENCE_S)
    except Exception as error:  # the transport's own errors differ between versions of huggingface_hub
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise ModelError(f"not reachable ({type(error).__name__})") from error
    return folder
