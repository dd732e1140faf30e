"""BVH files become a manifest that the loader reads back; what cannot be used is told by file and line."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from lib.base.errors import CorpusError, UserError
from lib.commands import app
from lib.corpus import Corpus, load
from lib.motion import fitting, rig
from lib.motion.bvh import bvh
from lib.own_data import profile as own_profile
from lib.own_data.bvh_import import import_bvh
from lib.own_data.captions_csv import Line
from lib.own_data.clip_rows import clips
from lib.own_data.source_split import by_source
from lib.run import params
from lib.run.pipeline import PIPELINE
from tests.unit.motion.glb_files import Writer
from tests.unit.motion.test_glb import body, moved
from tests.unit.motion.test_rigs import NECKED, posed


def imported(takes: Path, **options: object) -> Corpus:
    out = takes.parent / "own"
    import_bvh(takes, takes.parent / "captions.csv", out, **options)
    return load("manifest", out, check_motions=True)


def refused(takes: Path, table: str, **options: object) -> str:
    (takes.parent / "captions.csv").write_text(table)
    with pytest.raises(UserError) as error:
        imported(takes, **options)
    assert "\n" not in str(error.value) and not (takes.parent / "own").exists()
    return str(error.value)


def test_clips_captions_and_motions_are_those_of_the_files(takes: Path, performed: dict[str, np.ndarray]) -> None:
    corpus = imported(takes)
    assert corpus.clips.clip_id.tolist() == ["monday__kick", "walk", "wave"]
    assert sorted(corpus.clips.split) == ["test", "train", "val"] and corpus.clips.source.tolist()[0] == "monday/kick"
    said = corpus.captions.groupby("clip_id").text.agg(list)
    assert said["walk"] == ["somebody walks", "a slow walk"] and said["wave"] == ["a wave, with one hand"]
    for name, joints in performed.items():
        found = corpus.joints("monday__kick" if name == "kick" else name)
        started = joints - [joints[0, 0, 0], joints[..., 1].min(), joints[0, 0, 2]]
        # The importer also turns the first pose to +Z, so distances within the body and along the path are compared.
        for one in (found, started):
            assert one[..., 1].min() == pytest.approx(0, abs=1e-3) and one[0, 0, [0, 2]] == pytest.approx(
                [0, 0], abs=1e-3
            )
        np.testing.assert_allclose(spread(found), spread(started), atol=2.5e-3)
        assert corpus.motion(corpus.clips.clip_id[0]).shape[1] == 263
    assert corpus.provenance.dropped.empty and corpus.provenance.missing == {
        "clips without captions": 0,
        "clips without motion": 0,
    }


def spread(joints: np.ndarray) -> np.ndarray:
    """Distances of every joint from the first pelvis and from its own frame's: alike however a clip is turned."""
    return np.stack([np.linalg.norm(joints - at, axis=-1) for at in (joints[0, 0], joints[:, :1])])


def test_the_parameter_file_beside_it_is_valid_and_kept_once_edited(takes: Path) -> None:
    imported(takes)
    file = takes.parent / "own" / "params.yml"
    profile = params.load(file)
    assert profile.profile == "own" and profile.redacted and Path(profile.corpora["own"].root) == file.parent
    file.write_text(file.read_text().replace("private: true", "private: false"))
    imported(takes)
    assert not params.load(file).redacted


@pytest.mark.parametrize("label", ["2024", "on", "null", "1e3", "set: one", "a #1 - 'b'"])
def test_the_parameter_file_of_a_folder_with_any_name_is_valid(tmp_path: Path, label: str) -> None:
    file = tmp_path / own_profile.FILE
    file.write_text(own_profile.text(tmp_path, label, PIPELINE))
    made = params.load(file)
    assert made.notebooks == [n.stem for n in PIPELINE if "tmr" not in n.models + n.may_use]
    assert made.corpora["own"].label == label and made.description.startswith(f"{label}, imported")


def test_a_second_import_is_the_same_and_leaves_other_files_alone(takes: Path) -> None:
    own = takes.parent / "own"
    imported(takes)
    first = {path.name: path.read_bytes() for path in own.iterdir()}
    (own / "LICENSE").write_text("ours\n")
    assert imported(takes).provenance.licence == "ours"
    assert {path.name: path.read_bytes() for path in own.iterdir() if path.name != "LICENSE"} == first
    assert json.loads(first["import.json"])["rig"]["rig"] == "humanml3d"


def test_columns_of_the_table_become_those_of_the_clips(takes: Path) -> None:
    table = "file;text;captioner;start_s;end_s;split;source;consent;person_count;body_mode;mirror_of;style\n"
    table += "walk;walks;Ann;0;1,5;train;s1;yes;1;full;;brisk\n".replace("1,5", "1.5")
    table += "wave;waves;;;;val;s2;YES;2;upper;;\nmonday\\kick;kicks;Bob;;;test;s3;1;;;walk;brisk\n"
    (takes.parent / "captions.csv").write_text(table, encoding="utf-8-sig")
    clips = imported(takes).clips.set_index("clip_id")
    assert clips.split.to_dict() == {"walk": "train", "wave": "val", "monday__kick": "test"}
    assert clips.person_count["wave"] == 2 and clips.body_mode["wave"] == "upper"
    assert clips["style"]["walk"] == "brisk" and pd.isna(clips["style"]["wave"])
    assert clips.base_id["monday__kick"] == "walk"
    captions = load("manifest", takes.parent / "own").captions.set_index("clip_id")
    assert captions.captioner.to_dict() == {"monday__kick": "Bob", "walk": "Ann", "wave": "human"}
    assert captions.end_s["walk"] == 1.5


def test_without_consent_neither_motion_nor_words_are_written(takes: Path) -> None:
    (takes / "secret.bvh").write_text((takes / "walk.bvh").read_text())
    table = (takes.parent / "captions.csv").read_text()
    (takes.parent / "captions.csv").write_text(table + "secret,a marker sentence,false\n")
    corpus = imported(takes)
    assert corpus.provenance.withheld == {"consent": 1, "captions of withheld clips": 0}
    assert len(corpus.clips) == 3
    own = takes.parent / "own"
    assert not any(b"marker sentence" in path.read_bytes() for path in own.iterdir())
    assert len(np.load(own / "joints.npy")) == corpus.clips.n_frames.sum()


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("file,text\nwalk,walks\n", "nothing says that the people recorded agreed; add a column consent"),
        ("file,consent\nwalk,1\n", "captions.csv:1: column text is missing"),
        ("file,text,text\nwalk,a,b\n", "captions.csv:1: a column is given twice"),
        ("file,text,consent\n", "no rows"),
        ("file,text,consent\nwalk,walks,maybe\n", "captions.csv:2: consent = 'maybe' instead of true or false"),
        ("file,text,consent\nwalk,walks, slowly,1\n", "captions.csv:2: 4 values for 3 columns"),
        ('file,text,consent\nwalk,"a\nb",1\nwlk,c,1\n', "captions.csv:4: no BVH file 'wlk'; did you mean 'walk'?"),
        ("file,text,consent\nwlk,a,1\nwlk,b,1\n", "captions.csv:2: no BVH file 'wlk' (and 1 more such rows)"),
        ("file,text,consent,split\nwalk,a,1,tset\n", "captions.csv:2: split = 'tset' instead of train, val or test"),
        ("file,text,consent,split\nwalk,a,1,train\n", "'monday__kick' has no split"),
        ("file,text,consent,start_s,end_s\nwalk,a,1,2,1\n", "captions.csv:2: end_s 1 is before start_s 2"),
        ("file,text,consent,start_s\nwalk,a,1,soon\n", "captions.csv:2: start_s = 'soon' instead of seconds"),
        (
            "file,text,consent\nwalk,a,1\nwalk.bvh,b,0\n",
            "captions.csv:3: consent of 'walk.bvh' is '0', and '1' in line 2",
        ),
        ("file,text,consent\nwalk,a,0\n", "no clip has consent"),
        ("file,text,consent\nwalk,a,1\n", "1 recording(s) cannot fill train, val, test"),
        ("file,text,consent,mirror_of\nwalk,a,1,wake\n", "mirror_of of 'walk' is 'wake'"),
    ],
)
def test_a_faulty_table_is_told_by_line(takes: Path, table: str, told: str) -> None:
    if "has no split" in told:
        table += "wave,b,1,val\nmonday/kick,c,1,\n"
    assert told in refused(takes, table)


def test_a_faulty_bvh_is_told_by_line_and_nothing_is_written(takes: Path) -> None:
    table = (takes.parent / "captions.csv").read_text()
    text = (takes / "wave.bvh").read_text().splitlines()
    (takes / "wave.bvh").write_text("\n".join([*text[:-1], text[-1].replace(" ", " x", 1)]))
    assert f"wave.bvh:{len(text)}: 'x" in refused(takes, table)


def test_a_folder_without_files_or_of_something_else_is_left_alone(takes: Path) -> None:
    (takes.parent / "none").mkdir()
    with pytest.raises(CorpusError, match="no BVH or GLB files"):
        import_bvh(takes.parent / "none", takes.parent / "captions.csv", takes.parent / "own")
    with pytest.raises(CorpusError, match="holds something that no import made"):
        import_bvh(takes, takes.parent / "captions.csv", takes)


def test_a_clip_that_leaves_the_hall_is_refused(takes: Path, performed: dict[str, np.ndarray]) -> None:
    far = performed["walk"] + np.linspace(0, 40, len(performed["walk"]))[:, None, None] * [0, 0, 1]
    (takes / "walk.bvh").write_text(bvh(far))
    assert "clip 'walk' goes 4" in refused(takes, (takes.parent / "captions.csv").read_text())


def test_the_command_says_what_it_wrote_and_what_to_know(takes: Path) -> None:
    (takes.parent / "captions.csv").write_text("file,text\nwalk,walks\nwave,waves\n")
    own = takes.parent / "own"
    call = ["corpus", "import", takes, "--captions", takes.parent / "captions.csv", "--out", own, "--consent"]
    done = CliRunner().invoke(app, [str(word) for word in call])
    assert done.exit_code == 0, done.output
    assert "3 clips" in done.stdout and "2 captions" in done.stdout and "rig humanml3d" in done.stdout
    assert "note: 1 clip(s) without a caption (first: monday__kick)" in done.stderr


def test_glb_and_bvh_of_animate_3d_are_imported_side_by_side(tmp_path: Path, performed: dict[str, np.ndarray]) -> None:
    names = rig.load("animate3d").joints
    (tmp_path / "takes").mkdir()
    writer = Writer()
    content = writer.content(body(), [moved(writer, performed["walk"], 20.0)])
    (tmp_path / "takes" / "walk.GLB").write_bytes(content)
    for name in ("wave", "kick"):
        text = bvh(performed[name])
        for ours in sorted(names, key=len, reverse=True):
            text = text.replace(f"ROOT {ours}\n", f"ROOT {names[ours]}\n").replace(
                f"JOINT {ours}\n", f"JOINT {names[ours]}\n"
            )
        (tmp_path / "takes" / f"{name}.bvh").write_text(text)
    (tmp_path / "captions.csv").write_text("file,text\nwalk.glb,walks\nwave,waves\nkick.bvh,kicks\n")
    corpus = imported(tmp_path / "takes", consent=True)
    assert sorted(corpus.clips.clip_id) == ["kick", "walk", "wave"]
    assert json.loads((tmp_path / "own" / "import.json").read_text())["rig"]["rig"] == "animate3d"
    for name, joints in performed.items():
        np.testing.assert_allclose(spread(corpus.joints(name)), spread(grounded(joints)), atol=2.5e-3)


def test_what_was_left_out_or_chosen_is_said_once_for_all_files(tmp_path: Path) -> None:
    """Files whose joints two rigs find, each with a row fewer than it says: one note of each kind for all of them."""
    (tmp_path / "takes").mkdir()
    for seed, name in enumerate("abc"):
        text, _ = posed(NECKED, 0.01, seed=seed)
        (tmp_path / "takes" / f"{name}.bvh").write_text(text.replace("Frames: 4", "Frames: 5"))
    (tmp_path / "captions.csv").write_text("file,text\na,x\nb,y\nc,z\n")
    done = import_bvh(tmp_path / "takes", tmp_path / "captions.csv", tmp_path / "own", consent=True)
    assert done.rig == "mixamo"
    assert done.notes == [
        "the rig mixamo is taken (legs of 0.83 m); the joints are those of cmu (legs of 4.7 m) too",
        "3 clip(s) have one row more or less than Frames says: every row is read (first: a)",
    ]
    done = import_bvh(tmp_path / "takes", tmp_path / "captions.csv", tmp_path / "own", consent=True, rig_file="mixamo")
    assert len(done.notes) == 1


def test_rigs_are_listed_with_how_well_they_fit_and_nothing_is_imported(takes: Path) -> None:
    call = ["corpus", "import", str(takes), "--rig", "list"]
    done = CliRunner().invoke(app, call)
    assert done.exit_code == 0, done.output
    first, *lines = done.stdout.splitlines()
    assert first.endswith("kick.bvh") and lines[0].split(maxsplit=1) == ["humanml3d", "fits, legs 0.82 m"]
    assert CliRunner().invoke(app, ["corpus", "rigs", str(takes / "walk.bvh")]).stdout.splitlines()[1:] == lines
    assert CliRunner().invoke(app, ["corpus", "rigs"]).stdout == fitting.listing() + "\n"
    assert sorted(path.name for path in takes.parent.iterdir()) == ["captions.csv", "takes"]


@pytest.mark.parametrize(("name", "told"), [("a\udcffb", "the lone surrogate"), ("a\nb", "a line break")])
def test_a_file_name_that_no_table_can_hold_is_told(takes: Path, name: str, told: str) -> None:
    (takes / f"{name}.bvh").write_text((takes / "walk.bvh").read_text())
    message = refused(takes, (takes.parent / "captions.csv").read_text())
    assert told in message and "rename" in message


def test_no_recording_is_in_two_splits_and_shares_are_humanml3d_s() -> None:
    sources = [f"r{n // 3}" for n in range(600)]
    splits = by_source(sources, seed=1)
    assert all(len({s for s, r in zip(splits, sources, strict=True) if r == one}) == 1 for one in set(sources))
    assert {split: splits.count(split) for split in set(splits)} == {"test": 90, "val": 30, "train": 480}
    assert by_source(sources, seed=1) == splits != by_source(sources, seed=2)
    moved = [a != b for a, b in zip(by_source([*sources, "new"], seed=1), splits, strict=False)]
    assert sum(moved) <= 6


def test_a_mirror_is_of_the_recording_of_its_base_and_in_its_split() -> None:
    def line(file: str, **said: str) -> list[Line]:
        return [Line(2, file, "", "human", 0.0, 0.0, {"source": "", "mirror_of": "", "consent": "true", **said})]

    rows = {f"x{n}": line(f"x{n}") for n in range(20)} | {"a": line("a", source="tape"), "m": line("m", mirror_of="a")}
    rows["n"] = line("n", mirror_of="x3")
    for seed in range(20):
        table = clips(rows, Path("captions.csv"), seed=seed, agreed=False).set_index("clip_id")
        assert table.source[["a", "m", "n"]].tolist() == ["tape", "tape", "x3"]
        assert table.split["a"] == table.split["m"] and table.split["n"] == table.split["x3"]


def test_real_motions_come_back_as_they_were_exported(shared_data: Path, tmp_path: Path) -> None:
    """Three clips of the Bandai-Namco data: written, imported, and held against a reader that the tests have."""
    from tests.unit.motion.test_bvh import in_order

    real = load("manifest", shared_data / "bandai_namco")
    ids = real.clips.drop_duplicates("content").clip_id[:3].tolist()
    (tmp_path / "takes").mkdir()
    rows = "".join(f"{clip_id},{real.captions.set_index('clip_id').text[clip_id]}\n" for clip_id in ids)
    (tmp_path / "captions.csv").write_text("file,text\n" + rows)
    read = {}
    for clip_id in ids:
        text = bvh(real.joints(clip_id))
        (tmp_path / "takes" / f"{clip_id}.bvh").write_text(text)
        read[clip_id] = in_order(text)[0]
    corpus = imported(tmp_path / "takes", consent=True)
    for clip_id in ids:
        assert len(corpus.joints(clip_id)) == len(real.joints(clip_id))
        np.testing.assert_allclose(spread(corpus.joints(clip_id)), spread(grounded(read[clip_id])), atol=2.5e-3)


def grounded(joints: np.ndarray) -> np.ndarray:
    return joints - [joints[0, 0, 0], joints[..., 1].min(), joints[0, 0, 2]]


@pytest.mark.parametrize("name", ["features.npy", "features/walk.npy"])
def test_features_of_an_earlier_manifest_are_not_given_to_the_new_clips(takes: Path, name: str) -> None:
    own, table = takes.parent / "own", takes.parent / "captions.csv"
    import_bvh(takes, table, own)
    (own / name).parent.mkdir(exist_ok=True)
    np.save(own / name, np.zeros((40, 263), np.float32))
    with pytest.raises(CorpusError, match="belongs to the manifest that is here"):
        import_bvh(takes, table, own)
