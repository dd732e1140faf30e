"""The grammar against the performer's catalogue, a tagger, and a few words everybody knows."""

from itertools import pairwise

import numpy as np
import pytest

from lib.base.errors import ModelError
from lib.demo.corpora import crowd, crowd_phrases, mllm, mllm_phrases
from lib.demo.corpora.defects import MOTION_DEFECTS, below, upper_body
from lib.demo.corpora.scenario import DANCE_HEAVY, WALK_HEAVY, draw_spec, draw_take, shares
from lib.demo.corpora.scenes import FAMILY
from lib.demo.corpora.words import gerund, singular, third
from lib.demo.synthesis import ACTIONS, Spec, synthesise
from lib.motion.skeleton import PARENTS


@pytest.mark.parametrize("action", ACTIONS)
def test_every_performance_can_be_told_in_both_registers(action: str) -> None:
    rng = np.random.default_rng(0)
    assert action in crowd_phrases.CORES and action in mllm_phrases.CORES and action in FAMILY
    for _ in range(20):
        specs = [draw_spec(action, rng)]
        assert len(synthesise(specs, rng)) == round(specs[0].seconds * 20)
        short = crowd.caption(specs, crowd.scenes_for(specs, rng), rng)
        long = mllm.description(specs, 1, rng)
        for sentence in (short, long):
            assert sentence.verbs and not set("@{}~+=^") & set(sentence.text), sentence.text
            assert "  " not in sentence.text
            assert sentence.mirrored().mirrored() == sentence


@pytest.mark.parametrize("heavy", [WALK_HEAVY, DANCE_HEAVY])
def test_a_mix_is_a_distribution_over_all_actions(heavy: dict[str, float]) -> None:
    mix = shares(heavy)
    assert mix.keys() == ACTIONS.keys() and min(mix.values()) > 0.005
    assert sum(mix.values()) == pytest.approx(1.0)
    assert max(mix, key=lambda action: mix[action]) == max(heavy, key=lambda action: heavy[action])


def test_takes_never_repeat_an_action_and_get_up_after_lying_down() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        actions = [spec.action for spec in draw_take(shares(WALK_HEAVY), 3, rng)]
        for one, other in pairwise(actions):
            assert one != other
            assert (other == "stand") == (one in ("sit", "lie", "kneel", "squat", "crouch"))


def test_words_are_inflected() -> None:
    assert [third(v) for v in ("walk", "march", "do", "carry", "sway")] == [
        "walks",
        "marches",
        "does",
        "carries",
        "sways",
    ]
    assert [gerund(v) for v in ("walk", "dance", "lie", "run", "begin")] == [
        "walking",
        "dancing",
        "lying",
        "running",
        "beginning",
    ]
    assert [singular(n) for n in ("arms", "feet", "benches", "bus", "grass")] == [
        "arm",
        "foot",
        "bench",
        "bus",
        "grass",
    ]


def test_a_tagger_agrees_with_the_grammar() -> None:
    spacy_model = pytest.importorskip("lib.text.spacy_model")
    try:
        tagger = spacy_model.load()
    except ModelError as error:
        pytest.skip(str(error))
    rng, same, total = np.random.default_rng(0), 0, 0
    for _ in range(150):
        specs = draw_take(shares(WALK_HEAVY), 1, rng)
        sentence = crowd.caption(specs, crowd.scenes_for(specs, rng), rng)
        tagged = [(t.text, t.pos_) for t in tagger(sentence.text) if t.text.isalpha()]
        known = [(w.text, w.tag) for w in sentence.words if w.text.isalpha()]
        if len(tagged) == len(known):
            same, total = same + sum(a == b for a, b in zip(tagged, known, strict=True)), total + len(known)
    assert same / total > 0.88


def test_what_hangs_on_a_joint() -> None:
    assert below(16) == [18, 20] and below(9) == [12, 13, 14, 15, 16, 17, 18, 19, 20, 21] and below(21) == []


@pytest.mark.parametrize("name", MOTION_DEFECTS)
def test_defects_leave_the_clip_its_length_and_change_it(name: str) -> None:
    joints = synthesise([Spec("walk")], np.random.default_rng(0))
    made = MOTION_DEFECTS[name](joints, np.random.default_rng(1))
    assert made.shape == joints.shape and made.dtype == np.float32 and np.isfinite(made).all()
    assert np.abs(made - joints).max() > 0.05


def test_impossible_poses_differ_from_any_possible_one() -> None:
    joints = synthesise([Spec("walk")], np.random.default_rng(0))
    bones = np.linalg.norm(joints[:, 1:] - joints[:, list(PARENTS[1:])], axis=-1)
    stretched = 0
    for seed in range(24):
        made = MOTION_DEFECTS["impossible pose"](joints, np.random.default_rng(seed))
        longer = np.linalg.norm(made[:, 1:] - made[:, list(PARENTS[1:])], axis=-1) / bones
        stretched += longer.max() > 1.5
        moved = np.linalg.norm(made - joints, axis=-1)
        assert (moved.max(axis=1) > 0.25).all()
        assert longer.max() > 1.5 or abs(longer - 1).max() < 1e-3
    assert 2 <= stretched <= 12


def test_upper_body_clips_stand_on_one_spot() -> None:
    joints = synthesise([Spec("wave")], np.random.default_rng(0))
    made = upper_body(joints, np.random.default_rng(0))
    np.testing.assert_allclose(made[:, 0], made[:1, 0].repeat(len(made), axis=0), atol=1e-6)
    np.testing.assert_allclose(made[:, 20] - made[:, 0], joints[:, 20] - joints[:, 0], atol=1e-5)
