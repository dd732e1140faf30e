"""Respondents made in the test: rankings by Plackett and Luce, with tastes that differ from person to person."""

import numpy as np

from lib.sections.captioners.preferences.ballots import Ballots


def simulate(
    abilities: list[float],
    *,
    people: int = 17,
    items: int = 6,
    taste: float = 0.0,
    place: float = 0.0,
    at_random: int = 0,
    rng: np.random.Generator,
) -> Ballots:
    """Full rankings of every item by everybody.

    Args:
        abilities: in log odds.
        people: respondents, `at_random` of whom (the last ones) rank blindly.
        items: clips.
        taste: deviation of each person's own abilities about these.
        place: what each place further to the front adds to an ability.
        rng: source of randomness.
    """
    k = len(abilities)
    own = np.asarray(abilities) + taste * rng.normal(size=(people, 1, k))
    own = np.broadcast_to(own, (people, items, k)).copy()
    own[people - at_random :] = 0
    positions = rng.permuted(np.tile(np.arange(1.0, k + 1), (people * items, 1)), axis=1)
    utility = own.reshape(-1, k) - place * positions + rng.gumbel(size=(people * items, k))
    ranks = np.argsort(np.argsort(-utility, axis=1), axis=1) + 1.0
    return Ballots(
        tuple("abcdefgh"[:k]),
        np.repeat([f"r{i:02d}" for i in range(people)], items).astype(object),
        np.tile([f"c{i:02d}" for i in range(items)], people).astype(object),
        ranks,
        positions,
    )
