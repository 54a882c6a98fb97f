"""What a careless or a malicious user does: each gives one sentence that names the culprit, the right exit code, and nothing half written.

    FLOWCTL=./flowctl python3 -m unittest discover -s Tests/EndToEnd -t Tests/EndToEnd
"""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy as np
from tool import SMALL, WORKSPACE, call, command, settings

DIGITS = WORKSPACE / "Data" / "images" / "digits.h5"
SUPERNOVAE = WORKSPACE / "Data" / "supernovae" / "union2_1.h5"


class MistakeTestCase(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.out = self.folder / "run"

    def refused(self, words, code, *fragments, before=0):
        """The one sentence on standard error, after `before` lines of progress."""
        result = call(command(*words), expected=code)
        lines = result.stderr.strip().splitlines()
        self.assertEqual(result.stdout, "", words)
        if before is not None:
            self.assertEqual(len(lines), before + 1, result.stderr)
        sentence = lines[-1]
        self.assertTrue(sentence.startswith("flowctl: "), sentence)
        self.assertNotRegex(sentence, r"Fatal error|Stack dump|0x[0-9a-f]{6}|\.swift:|Error:|Usage:")
        self.assertFalse(sentence.endswith("."), sentence)
        for fragment in fragments:
            self.assertIn(fragment, sentence)
        return sentence

    def files(self):
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*"))


class CommandLineTest(MistakeTestCase):
    def test_words_the_tool_does_not_know(self):
        for words, fragments in [
            (["trian", "supernova"], ["unknown verb 'trian'", "did you mean 'train'"]),
            (["help", "trian"], ["unknown verb 'trian'", "did you mean 'train'"]),
            (["train"], ["recipe", "flowctl train --help"]),
            (["train", "supernvoa"], ["'supernvoa'", "did you mean 'supernova'"]),
            (["train", "galaxies"], ["'galaxies'", "known recipes: ", "nhf-digits, nhf-gmm2d"]),
            (["train", "supernova", "again"], ["'again'", "flowctl train --help"]),
            (["train", "supernova", "--outt", "x"], ["'--outt'", "did you mean '--out'"]),
            (["train", "supernova", "--seed", "-1"], ["seed", "of at least 0", "-1"]),
            (["train", "supernova", "--seed", "many"], ["seed", "of at least 0", "many"]),
            (["train", "supernova", "--threads", "0"], ["--threads 0", "from 1"]),
            (["train", "supernova", "--threads", "two"], ["two", "--threads"]),
            (["test", "--package", "Autodif"], ["'Autodif'", "did you mean 'Autodiff'"]),
            (["build", "--package", "Foo"], ["'Foo'", "known packages: Autodiff"]),
            (["list", "--jsn"], ["'--jsn'", "did you mean '--json'"]),
        ]:
            with self.subTest(words=words):
                self.refused(words, 64, *fragments)

    def test_settings(self):
        for setting, *fragments in [
            ("training.step=3", "did you mean 'training.steps'"),
            ("steps=3", "did you mean 'training.steps'"),
            ("nonsense=3", "unknown key 'nonsense'", "--dry-run"),
            ("training=3", "group of keys", "training.steps"),
            ("training.steps", "expected key.path=value"),
            ("training.steps=many", "'training.steps' must be an integer", "'many'"),
            ("training.steps=1.5", "'training.steps' must be an integer"),
            ("training.steps=0", "from 1 to"),
            ("optimizer.learningRate=nan", "'optimizer.learningRate' must be a number above 0"),
            ("optimizer.learningRate=-1", "above 0"),
            ("ema.decay=1", "'ema.decay'", "up to but not 1"),
            ("precision=float16", "'float32' or 'float64'", "'float16'"),
            ("model.hidden=", "list of 1 to 8 integers"),
            ("model.hidden=16,0", "from 1 to 4096"),
            ("posterior.h=1,0.4", "the lower first"),
            ("posterior.h=-1,1", "from 0.01"),
            ("posterior.omegaMatter=0,inf", "from 0"),
        ]:
            with self.subTest(setting=setting):
                self.refused(["train", "supernova", "--out", self.out, f"--set={setting}"], 64, *fragments)
        self.assertEqual(self.files(), [])

    def test_recipe_files(self):
        recipe = self.folder / "mine.json"
        for text, *fragments in [
            ("", "line 1, column 1", "not valid JSON"),
            ('{"seed": 1,}', "line 1", "not valid JSON"),
            ('{"seed": 1, "seed": 2}', "'seed' appears twice"),
            ("[" * 100_000, "nested"),
            ("[1, 2]", "must be a JSON object"),
            ('{"training": {"step": 5}}', "unknown key 'training.step'", "did you mean 'training.steps'"),
            ('{"trainin": {"steps": 5}}', "unknown key 'trainin", "did you mean"),
            ('{"training": 5}', "'training'", "an object"),
            ('{"training": {"steps": "5"}}', "'training.steps' must be an integer", 'the text "5"'),
            ('{"seed": 99999999999999999999999}', "'seed'"),
            ('{"experiment": "galaxies"}', "'experiment' must be", "galaxies"),
            ('{"model": {"hidden": [1, "x"]}}', "'model.hidden'"),
        ]:
            with self.subTest(text=text[:40]):
                recipe.write_text(text)
                self.refused(["train", recipe, "--out", self.out], 1, "mine.json", *fragments)
        recipe.write_bytes(b"\xff\xfe{")
        self.refused(["train", recipe, "--out", self.out], 1, "mine.json", "UTF-8")
        self.refused(["train", self.folder / "none.json"], 1, "none.json", "no such file")
        self.refused(["train", f"{self.folder}/"], 1, "is a folder")
        self.assertEqual(self.files(), ["mine.json"])


class DataTest(MistakeTestCase):
    def write(self, name, x, **more):
        with h5py.File(self.folder / name, "w") as file:
            file.attrs["schema"] = "hgm-data/1"
            file["train/x"] = x
            for path, value in more.items():
                file[path.replace("_", "/", 1)] = value

    def test_bad_data_leaves_nothing(self):
        good = np.random.default_rng(1).integers(0, 17, (100, 8, 8)).astype(np.float32)
        bad = good.copy()
        bad[50, 3, 3] = np.nan
        self.write("shape.h5", np.zeros((100, 3), np.float32), test_x=np.zeros((10, 3), np.float32))
        self.write("untested.h5", good)
        self.write("nan.h5", bad, test_x=good)
        self.write("infinite.h5", good, test_x=np.where(np.isnan(bad), np.inf, good))
        self.write("empty.h5", np.zeros((0, 8, 8), np.float32), test_x=good)
        self.write("small.h5", good[:20], test_x=good)
        self.write("words.h5", np.array([b"x"] * 100), test_x=good)
        (self.folder / "cut.h5").write_bytes(DIGITS.read_bytes()[:20000])
        (self.folder / "text.h5").write_text("not HDF5")
        (self.folder / "nothing.h5").write_text("")
        (self.folder / "linked.h5").mkdir()
        before = self.files()
        for name, *fragments in [
            ("missing.h5", "no such file"), ("cut.h5", "truncated"), ("text.h5", "not an HDF5 file"), ("nothing.h5", "empty"),
            ("linked.h5", "folder"), ("shape.h5", "8 x 8"), ("untested.h5", "/test"), ("nan.h5", "/train/x"), ("infinite.h5", "/test/x"),
            ("empty.h5",), ("small.h5", "128", "20"), ("words.h5", "/train/x"),
        ]:  # fmt: skip
            with self.subTest(name):
                self.refused(["train", "nhf-digits", "--out", self.out, f"--set=data.path={self.folder / name}"], 1, name, *fragments)
        self.assertEqual(self.files(), before)

    def test_data_of_another_experiment(self):
        self.refused(["train", "nhf-digits", "--out", self.out, f"--set=data.path={SUPERNOVAE}"], 1, "union2_1.h5", "8 x 8")
        self.refused(["train", "supernova", "--out", self.out, f"--set=data.path={DIGITS}"], 1, "digits.h5", "z_cmb")
        self.refused(["train", "nhf-gmm2d", "--out", self.out, "--set=training.batchSize=20001"], 1, "20001", "20000")
        self.assertEqual(self.files(), [])


class OutputTest(MistakeTestCase):
    def test_folders_that_cannot_be_used(self):
        (self.folder / "file").write_text("x")
        (self.folder / "full").mkdir()
        (self.folder / "full" / "notes.txt").write_text("x")
        before = self.files()
        self.refused(["train", "nhf-gmm2d", "--out", self.folder / "file"], 1, "is a file")
        self.refused(["train", "nhf-gmm2d", "--out", self.folder / "file" / "run"], 1, "file/run")
        self.refused(["train", "nhf-gmm2d", "--out", self.folder / "full"], 1, "already holds files", "resume")
        self.refused(["train", "nhf-gmm2d", "--out", "/proc/flowctl-run"], 1, "/proc/flowctl-run")
        self.assertEqual(self.files(), before)

    def test_runs_started_at_once_do_not_share_a_folder(self):
        words = command("train", "nhf-gmm2d", *settings([*SMALL, "training.steps=20"]))
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": self.folder}
        processes = [subprocess.Popen([*words, f"--set=seed={seed}"], **silent) for seed in range(3)]
        self.assertEqual([process.wait() for process in processes], [0, 0, 0])
        runs = sorted((self.folder / "runs").iterdir())
        self.assertEqual([run.name for run in runs], [f"nhf-gmm2d-{number}" for number in (1, 2, 3)])
        self.assertEqual(sorted(json.loads((run / "recipe.json").read_text())["seed"] for run in runs), [0, 1, 2])

    @unittest.skipIf(os.geteuid() == 0, "root may write anywhere")
    def test_a_folder_without_permission(self):
        self.folder.chmod(0o500)
        self.refused(["train", "nhf-gmm2d", "--out", self.out], 1, "permission denied")
        self.folder.chmod(0o700)
        self.assertEqual(self.files(), [])

    def disk(self, kilobytes):
        disk = self.folder / "disk"
        disk.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(disk)]
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
            self.skipTest("a tiny disk needs root that may mount a tmpfs")
        self.addCleanup(subprocess.run, ["umount", str(disk)])
        return disk

    def test_a_disk_too_small_for_a_run(self):
        disk = self.disk(32)
        self.refused(["train", "nhf-gmm2d", "--out", disk / "run", *settings(SMALL)], 1, "space")
        self.assertEqual(self.files(), ["disk"])

    def test_a_disk_that_fills_up_keeps_the_checkpoint(self):
        disk = self.disk(1024)
        run = disk / "run"
        call(command("train", "nhf-gmm2d", "--out", run, *settings([*SMALL, "training.steps=20"])))
        checkpoint = (run / "checkpoints" / "latest.h5").read_bytes()
        with open(disk / "ballast", "wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(bytes(4096))
            except OSError:
                pass
        before = self.files()
        self.refused(["sample", run, "-n", 10000, "--out", disk / "draws.h5"], 1, "draws.h5", "space")
        self.refused(["report", run], 1, "space")
        self.assertEqual(self.files(), before)
        self.assertEqual((run / "checkpoints" / "latest.h5").read_bytes(), checkpoint)
        (disk / "ballast").unlink()
        call(command("sample", run, "-n", 10, "--out", disk / "draws.h5"))


class DivergenceTest(MistakeTestCase):
    def test_a_loss_that_is_not_a_number_stops_and_keeps_the_last_good_checkpoint(self):
        wild = ["optimizer.learningRate=1e6", "optimizer.clipNorm=null", "optimizer.schedule.warmupSteps=0", "training.checkpointEvery=1"]
        sentence = self.refused(
            ["train", "nhf-gmm2d", "--out", self.out, *settings([*SMALL, "training.steps=300", *wild])],
            1, "training stopped at step ", "the loss became", "potential.layers.0.weight", "latest.h5", "optimizer.learningRate", before=None,
        )  # fmt: skip
        with h5py.File(self.out / "checkpoints" / "latest.h5") as file:
            self.assertIn(f"of step {int(file['progress'].attrs['step'])}, is kept", sentence)
            self.assertTrue(all(np.isfinite(array[()]).all() for array in file["model"].values()))
        self.assertFalse((self.out / "report.html").exists())
        call(command("sample", self.out, "-n", 10))


class DamageTest(MistakeTestCase):
    """Run folders after an accident, or from a stranger."""

    @classmethod
    def setUpClass(cls):
        cls.shared = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.shared.cleanup)
        cls.good = Path(cls.shared.name) / "good"
        call(command("train", "nhf-gmm2d", "--out", cls.good, *settings([*SMALL, "training.steps=20"])))
        cls.stranger = Path(cls.shared.name) / "stranger"
        wide = ["training.steps=2", "evaluation.samples=100", "evaluation.gridPoints=16"]
        call(command("train", "supernova", "--out", cls.stranger, *settings(wide)))

    def setUp(self):
        super().setUp()
        shutil.copytree(self.good, self.out)
        self.checkpoint = self.out / "checkpoints" / "latest.h5"

    def refused_by_all(self, *fragments):
        before = self.files()
        for words in (["resume", self.out], ["sample", self.out], ["evaluate", self.out], ["report", self.out]):
            self.refused(words, 1, *fragments)
        self.assertEqual(self.files(), before)

    def test_checkpoints_that_cannot_be_read(self):
        whole = self.checkpoint.read_bytes()
        flipped = bytearray(whole)
        flipped[len(whole) // 2] ^= 1
        for content, *fragments in [
            (b"", "empty"), (b"text" * 100, "not an HDF5 file"), (whole[:-200], "truncated"), (whole[:-96], "seal"), (bytes(flipped), "seal"),
            ((self.out / "samples.h5").read_bytes(), '"samples"', '"checkpoint"'), (DIGITS.read_bytes(), "format"),
        ]:  # fmt: skip
            with self.subTest(fragments):
                self.checkpoint.write_bytes(content)
                self.refused_by_all("latest.h5", *fragments)
        self.checkpoint.unlink()
        self.refused_by_all("latest.h5", "no such file")
        self.checkpoint.mkdir()
        self.refused_by_all("latest.h5", "folder")

    def test_edited_checkpoints(self):
        with h5py.File(self.checkpoint, "r+") as file:
            del file.attrs["digest"]
        call(command("sample", self.out, "-n", 10))
        with h5py.File(self.checkpoint, "r+") as file:
            file["model/potential.layers.0.weight"][0, 0] = np.nan
        self.refused_by_all("latest.h5", "'potential.layers.0.weight'", "not finite")
        with h5py.File(self.checkpoint, "r+") as file:
            del file["model/potential.layers.0.weight"]
            del file["ema/potential.layers.0.weight"]
        self.refused_by_all("latest.h5", "'potential.layers.0.weight'")

    def test_a_checkpoint_of_another_run(self):
        shutil.copy(self.stranger / "checkpoints" / "latest.h5", self.checkpoint)
        self.refused_by_all("latest.h5", "another recipe", "'experiment'")

    def test_a_changed_recipe(self):
        recipe = self.out / "recipe.json"
        document = json.loads(recipe.read_text())
        document["optimizer"]["learningRate"] = 0.5
        recipe.write_text(json.dumps(document))
        self.refused_by_all("latest.h5", "another recipe", "'optimizer.learningRate'", "0.5")
        recipe.write_text("{")
        self.refused_by_all("recipe.json", "not valid JSON")
        recipe.unlink()
        self.refused_by_all("not a run folder")

    def test_folders_and_files_that_are_no_runs(self):
        for verb in ("resume", "sample", "evaluate", "report"):
            self.refused([verb, self.folder / "none"], 1, "none", "no such run folder")
            self.refused([verb, self.folder], 1, "not a run folder")
            self.refused([verb, self.out / "samples.h5"], 1, "samples.h5", "checkpoint")

    def test_samples_that_cannot_be_drawn_or_written(self):
        before = self.files()
        self.refused(["sample", self.out, "-n", 0], 64, "-n 0", "from 1")
        self.refused(["sample", self.out, "-n", "-3"], 64, "-n -3", "from 1")
        self.refused(["sample", self.out, "-n", "ten"], 64, "'ten'")
        self.refused(["sample", self.out, "--seed", "-1"], 64, "--seed -1")
        self.refused(["sample", self.out, "--out", self.folder / "none" / "x.h5"], 1, "none/x.h5", "create the folder first")
        self.refused(["sample", self.out, "--out", self.folder], 1, "cannot be written", "name of a file")
        self.assertEqual(self.files(), before)

    def test_an_older_checkpoint_is_used_when_it_is_named(self):
        older = self.out / "checkpoints" / "older.h5"
        shutil.copy(self.checkpoint, older)
        self.checkpoint.write_bytes(b"")
        call(command("sample", older, "-n", 10, "--out", self.folder / "x.h5"))


if __name__ == "__main__":
    unittest.main()
