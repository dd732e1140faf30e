"""Whether a site may leave: what it would expose is printed, and what must not be exposed stops it."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lib import corpus
from lib.base.errors import CorpusError, SiteError
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
    held, unread, unknown = _held(corpora)
    if unknown or (unread and not expose_private):
        fix = "bring the data back" + ("" if unknown else ", or pass --expose-private (make: EXPOSE_PRIVATE=1)")
        raise SiteError(f"cannot tell what it would expose of {', '.join(unknown or unread)}", where=site, fix=fix)
    found = exposed(site, held)
    for one in found:
        print(f"exposes {one.said()}")
    if any(one.refused for one in found):
        raise SiteError("it shows rows without consent", where=site, fix="make the report again from the present data")
    if found and not expose_private:
        fix = "mark the corpus private and make report, or pass --expose-private (make: EXPOSE_PRIVATE=1)"
        raise SiteError(f"it shows {_list(found)} of a private corpus", where=site, fix=fix)


def _list(found: Iterable[Exposed]) -> str:
    """The kinds of what was found, in the order in which they are looked for."""
    return " and ".join(dict.fromkeys(one.kind for one in found))


def _held(corpora: Mapping[str, Mapping[str, Any]]) -> tuple[Held, list[str], list[str]]:
    """What is to be looked for, the private corpora that could not be read, and the manifests among these.

    A manifest that cannot be read may hold rows without consent, public or private.
    """
    read: dict[bool, list[corpus.Corpus]] = {True: [], False: []}
    without: Held = {}
    unread, unknown = [], []
    for one in corpora.values():
        root = Path(one["root"])
        try:
            if one["kind"] == "manifest":
                without.setdefault((one["label"], WITHOUT), set()).update(refused(root))
            read[one["private"]].append(corpus.load(one["kind"], root, name=one["label"]))
        except (CorpusError, OSError, ValueError):
            unknown += [one["label"]] if one["kind"] == "manifest" else []
            unread += [one["label"]] if one["private"] else []
    said = {normal(text) for some in read.values() for one in some for text in captions(one)}
    for kind, texts in without.items():
        without[kind] = {text for text in texts if _recognised(text) and normal(text) not in said}
    named = {name for one in corpora.values() for name in one.get("named", ())}
    return {**secrets(read[True], read[False], named), **without}, unread, unknown


def _recognised(text: str) -> bool:
    """Whether a refused text can be told from chance: any telling one, and words alone where they are all of a cell."""
    words = normal(text).split()
    return telling(text) or (len(words) > 1 and all(map(str.isalpha, words)))
