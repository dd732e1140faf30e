"""Whether a site may leave: what it would expose is printed, and what must not be exposed stops it."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lib.base.errors import CorpusError, SiteError
from lib.base.hashes import corpus_fingerprint
from lib.corpus import Corpus, load
from lib.corpus.texts_without_consent import refused
from lib.run.redaction.phrases import normal, telling
from lib.site.private_text_scan import WITHOUT, Exposed, Held, captions, exposed, secrets


def check(site: Path, corpora: Mapping[str, Mapping[str, Any]], *, expose_private: bool = False) -> None:
    """Searches a site for what is private in its corpora, prints what it finds, and refuses.

    Args:
        site: a finished site.
        corpora: by key: label, kind, root, and whether it is private.
        expose_private: let captions and ids of private corpora pass, also where these cannot be read to look for them;
            rows without consent never pass, nor does a site of a manifest that cannot be read.

    Raises:
        SiteError: something was found, or a private corpus or a manifest cannot be read to look for it.
    """
    held, unreadable, manifests = _held(corpora)
    if manifests or (unreadable and not expose_private):
        fix = "bring the data back" + ("" if manifests else ", or pass --expose-private (make: EXPOSE_PRIVATE=1)")
        raise SiteError(
            f"cannot tell what it would expose of {', '.join(manifests or unreadable)}", where=site, fix=fix
        )
    exposures = exposed(site, held)
    for exposure in exposures:
        print(f"exposes {exposure.summary()}")
    if any(exposure.refused for exposure in exposures):
        raise SiteError("it shows rows without consent", where=site, fix="make the report again from the present data")
    if exposures and not expose_private:
        fix = "mark the corpus private and make report, or pass --expose-private (make: EXPOSE_PRIVATE=1)"
        raise SiteError(f"it shows {_list(exposures)} of a private corpus", where=site, fix=fix)


def refuse_older(site: Path, corpora: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuses a site of results of an older manifest: what was withdrawn since is in no table to be looked for.

    Args:
        site: a finished site.
        corpora: by key: label, kind, root, and the hashes that the results were made from.

    Raises:
        SiteError: a manifest is not what the results were made from.
    """
    corpus_fingerprint.cache_clear()
    for facts in corpora.values():
        root, made_of = Path(facts["root"]), facts.get("made_of", [])
        if facts["kind"] == "manifest" and made_of and root.is_dir() and made_of != [corpus_fingerprint(root)]:
            what = f"{facts['label']} changed since its results were made, and a consent may have been withdrawn"
            raise SiteError(what, where=site, fix="run make report first")


def _list(exposures: Iterable[Exposed]) -> str:
    """The kinds of what was found, in the order in which they are looked for."""
    return " and ".join(dict.fromkeys(exposure.kind for exposure in exposures))


def _held(corpora: Mapping[str, Mapping[str, Any]]) -> tuple[Held, list[str], list[str]]:
    """What is to be looked for, the private corpora that could not be read, and the manifests among these.

    A manifest that cannot be read may hold rows without consent, public or private.
    """
    read: dict[bool, list[Corpus]] = {True: [], False: []}
    without: Held = {}
    unreadable: list[str] = []
    manifests: list[str] = []
    for facts in corpora.values():
        root = Path(facts["root"])
        try:
            if facts["kind"] == "manifest":
                without.setdefault((facts["label"], WITHOUT), set()).update(refused(root))
            read[facts["private"]].append(load(facts["kind"], root, name=facts["label"]))
        except (CorpusError, OSError, ValueError):
            manifests += [facts["label"]] if facts["kind"] == "manifest" else []
            unreadable += [facts["label"]] if facts["private"] else []
    consented = {normal(text) for loaded in read.values() for corpus in loaded for text in captions(corpus)}
    for kind, texts in without.items():
        without[kind] = {text for text in texts if _recognised(text) and normal(text) not in consented}
    named = {name for facts in corpora.values() for name in facts.get("named", ())}
    return {**secrets(read[True], read[False], named), **without}, unreadable, manifests


def _recognised(text: str) -> bool:
    """Whether a match of a refused text is no coincidence: a telling text, or several words of letters alone."""
    words = normal(text).split()
    return telling(text) or (len(words) > 1 and all(map(str.isalpha, words)))
