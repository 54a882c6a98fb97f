"""Files written here are read elsewhere, and the other way round. `flowctl test` runs this; FLOWCTL is the launcher.

    FLOWCTL=./flowctl python3 -m unittest discover -s Tests/Interop -t Tests/Interop
"""

import gzip
import json
import os
import shutil
import signal
import struct
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import h5py
import numpy as np
import reference_files
import reference_order

HERE = Path(__file__).resolve().parent
WORKSPACE = HERE.parent.parent
FLOWCTL = os.environ.get("FLOWCTL", str(WORKSPACE / "flowctl"))
STEPS = 60
SMALL = [
    f"training.steps={STEPS}", "training.checkpointEvery=10", "training.metricsEvery=1", "training.batchSize=64", "model.hidden=16,16",
    "data.count=500", "evaluation.samples=100", "evaluation.importanceSamples=2", "evaluation.gridPoints=16",
]  # fmt: skip


def call(*words, expected=0):
    result = subprocess.run([str(word) for word in words], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300)
    if result.returncode != expected:
        raise AssertionError(f"{' '.join(map(str, words))} ended with {result.returncode}\n{result.stdout}{result.stderr}")
    return result


def flowctl(*words, expected=0):
    return call(FLOWCTL, *words, expected=expected)


def train(out, recipe="nhf-gmm2d", settings=SMALL):
    return [FLOWCTL, "train", recipe, "--out", str(out), *(f"--set={setting}" for setting in settings)]


class OrderTest(unittest.TestCase):
    def test_the_check_values_of_the_page(self):
        page = (WORKSPACE / "FORMAT.md").read_text()
        for order in (reference_order.epoch_order(8, (0, 42), 0), reference_order.windowed_order(10, 3, 2, (0, 42), 0)):
            self.assertIn(f"give `{' '.join(map(str, order))}`", page)

    def test_every_row_once(self):
        for epoch in range(3):
            order = reference_order.windowed_order(103, 10, 3, (1, 2), epoch)
            self.assertEqual(sorted(order), list(range(103)))


class FileTestCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        shared = tempfile.TemporaryDirectory()
        cls.addClassCleanup(shared.cleanup)
        cls.shared = Path(shared.name)
        cls.finished = cls.shared / "run"
        call(*train(cls.finished))
        cls.checkpoint = cls.finished / "checkpoints" / "latest.h5"

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)


class CheckpointTest(FileTestCase):
    def killed_run(self):
        """A run ended by `kill -9` after its first checkpoints and before its last."""
        for attempt in range(20):
            out = self.folder / f"killed-{attempt}"
            process = subprocess.Popen(train(out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            metrics = out / "metrics.csv"
            while process.poll() is None and not (metrics.exists() and len(metrics.read_text().splitlines()) > 25):
                time.sleep(0.0005)
            process.send_signal(signal.SIGKILL)
            if process.wait() == -signal.SIGKILL and (out / "checkpoints" / "latest.h5").exists():
                return out
        self.fail("every run was over before it could be killed")

    def test_nothing_to_refuse(self):
        for name in ("checkpoints/latest.h5", "samples.h5"):
            with h5py.File(self.finished / name) as file:
                self.assertTrue(reference_files.check_frame(self.finished / name, file))
                reference_files.check_tree(file)

    def test_the_checkpoint_is_complete(self):
        checkpoint = reference_files.read_checkpoint(self.checkpoint)
        self.assertEqual(int(checkpoint["progress"]["step"]), STEPS)
        self.assertEqual(checkpoint["recipe"]["training"]["steps"], STEPS)
        self.assertEqual(checkpoint["environment"]["recipe"], "nhf-gmm2d")
        self.assertEqual(set(checkpoint["ema"]), {name for name, (_, facts) in checkpoint["model"].items() if facts["role"] == "parameter"})
        self.assertEqual(checkpoint["optimizer"][0]["kind"], "adam")
        rows = [line.split(",") for line in (self.finished / "metrics.csv").read_text().splitlines()]
        steps, losses = [int(row[0]) for row in rows[1:]], [float(row[1]) for row in rows[1:]]
        self.assertEqual(checkpoint["metrics"]["step"].tolist(), steps)
        np.testing.assert_allclose(checkpoint["metrics"]["loss"], losses, rtol=1e-6)
        with h5py.File(self.checkpoint) as file:
            self.assertEqual(file["progress/metrics/loss"].dims[0][0], file["progress/metrics/step"])

    def test_a_checkpoint_that_python_wrote_resumes_to_the_same_bits(self):
        out = self.killed_run()
        latest = out / "checkpoints" / "latest.h5"
        left = reference_files.read_checkpoint(latest)
        self.assertLess(int(left["progress"]["step"]), STEPS)
        rewritten = self.folder / "rewritten.h5"
        reference_files.write_checkpoint(rewritten, left)
        self.assertIn("the same", flowctl("diff", latest, rewritten).stdout)
        shutil.copy(rewritten, latest)
        flowctl("resume", out)
        self.assertIn("the same", flowctl("diff", self.checkpoint, latest).stdout)

    def test_the_last_few_and_the_best_are_kept(self):
        out = self.folder / "kept"
        call(*train(out, settings=[*SMALL, "training.keepLast=2", "training.keepBest=true"]))
        checkpoints = out / "checkpoints"
        self.assertEqual(sorted(path.name for path in checkpoints.iterdir()), ["best.h5", "latest.h5", "step-000000050.h5", "step-000000060.h5"])
        best, latest = (reference_files.read_checkpoint(checkpoints / f"{name}.h5") for name in ("best", "latest"))
        losses = dict(zip(latest["metrics"]["step"], latest["metrics"]["loss"]))
        means = {end: np.mean([losses[step] for step in range(end - 9, end + 1)]) for end in range(10, STEPS + 1, 10)}
        self.assertEqual(int(best["progress"]["step"]), min(means, key=means.get))
        self.assertAlmostEqual(float(best["progress"]["score"]), min(means.values()), places=5)
        self.assertIn("the same", flowctl("diff", checkpoints / "step-000000060.h5", checkpoints / "latest.h5").stdout)

    def test_tools_of_hdf5_read_it(self):
        for tool in ("h5dump", "h5diff", "h5ls"):
            if shutil.which(tool) is None:
                self.skipTest(f"{tool} is not installed (hdf5-tools)")
        dump = call("h5dump", self.checkpoint).stdout
        self.assertIn("H5T_IEEE_F32LE", dump)
        self.assertIn("potential.layers.0.weight", dump)
        copy = self.folder / "copy.h5"
        reference_files.write_checkpoint(copy, reference_files.read_checkpoint(self.checkpoint))
        for group in ("model", "ema", "optimizer"):
            call("h5diff", self.checkpoint, copy, f"/{group}", f"/{group}")
        with h5py.File(copy, "r+") as file:
            file["model/potential.layers.0.bias"][0] += 1
        call("h5diff", self.checkpoint, copy, "/model", "/model", expected=1)

    def test_julia_reads_it(self):
        julia = shutil.which("julia")
        if julia is None:
            self.skipTest("julia is not installed")
        if subprocess.run([julia, "-e", "using HDF5"], capture_output=True).returncode != 0:
            self.skipTest("HDF5.jl is not installed")
        printed = call(julia, HERE / "read_checkpoint.jl", self.checkpoint).stdout
        self.assertIn(f"step {STEPS}", printed)
        for name, (value, _) in reference_files.read_checkpoint(self.checkpoint)["model"].items():
            line = next(line for line in printed.splitlines() if line.startswith(name + " "))
            self.assertAlmostEqual(float(line.split()[-1]), float(np.sum(value, dtype=np.float64)), places=9)


class CommandTest(FileTestCase):
    def test_inspect(self):
        said = flowctl("inspect", self.finished).stdout
        first = said.splitlines()[0]
        self.assertRegex(first, r"latest\.h5: checkpoint, format 1\.\d+, sealed, the digest matches$")
        with h5py.File(self.checkpoint) as file:
            weight = file["model/potential.layers.0.weight"][()]
        line = next(line for line in said.splitlines() if line.startswith("/model/potential.layers.0.weight"))
        self.assertIn("float32", line)
        self.assertIn(f"{list(weight.shape)}", line)
        self.assertIn("fletcher32", line)
        figures = [float(word) for word in line.split("]")[1].split()[:4]]
        np.testing.assert_allclose(figures, [weight.min(), weight.mean(), weight.std(), weight.max()], rtol=1e-3, atol=1e-6)
        self.assertIn("cursor = ", said)
        self.assertEqual(json.loads(flowctl("inspect", self.checkpoint, "--recipe").stdout), json.loads((self.finished / "recipe.json").read_text()))
        self.assertIn("/train/x", flowctl("inspect", WORKSPACE / "Data/images/digits.h5").stdout)

    def test_diff(self):
        self.assertIn("the same", flowctl("diff", self.finished, self.checkpoint).stdout)
        changed = reference_files.read_checkpoint(self.checkpoint)
        value, facts = changed["model"]["potential.layers.0.bias"]
        changed["model"]["potential.layers.0.bias"] = (value + np.float32(0.5), facts)
        del changed["ema"]["potential.layers.0.bias"]
        changed["progress"]["step"] = np.int64(STEPS + 1)
        other = self.folder / "other.h5"
        reference_files.write_checkpoint(other, changed)
        said = flowctl("diff", self.checkpoint, other, expected=1).stdout
        self.assertIn("array only in A: /ema/potential.layers.0.bias", said)
        self.assertIn(f"attribute /progress@step: {STEPS} in A, {STEPS + 1} in B", said)
        row = next(line for line in said.splitlines() if line.startswith("/model/potential.layers.0.bias"))
        self.assertAlmostEqual(float(row.split()[2]), 0.5 * np.sqrt(value.size), places=3)

    def test_verify(self):
        digits = WORKSPACE / "Data/images/digits.h5"
        said = flowctl("verify", self.finished, self.finished / "samples.h5", digits).stdout.splitlines()
        self.assertEqual(len(said), 3)
        self.assertRegex(said[0], r"latest\.h5: checkpoint, format 1\.\d+, the seal matches, \d+ arrays read, \d+ of them with checksums$")
        self.assertIn("dataset", said[2])
        broken = self.folder / "broken.h5"
        image = bytearray(self.checkpoint.read_bytes())
        image[len(image) // 2] ^= 1
        broken.write_bytes(image)
        result = flowctl("verify", broken, self.checkpoint, expected=1)
        self.assertRegex(result.stderr, r"^flowctl: .*broken\.h5: found bytes that do not match its seal, expected the bytes that were written; copy the file again")
        self.assertEqual(len(result.stdout.splitlines()), 1)


class ConvertTest(FileTestCase):
    def test_weights(self):
        arrays = {name: value for name, (value, _) in reference_files.read_checkpoint(self.checkpoint)["model"].items()}
        npz, tensors, back = (self.folder / name for name in ("weights.npz", "weights.safetensors", "back.npz"))
        flowctl("convert", self.finished, "--out", npz)
        with np.load(npz) as found:
            self.assertEqual(set(found), set(arrays))
            for name, value in arrays.items():
                np.testing.assert_array_equal(found[name], value)
                self.assertEqual(found[name].dtype, value.dtype)
        flowctl("convert", self.checkpoint, "--out", tensors)
        image = tensors.read_bytes()
        (length,) = struct.unpack("<Q", image[:8])
        header = json.loads(image[8 : 8 + length])
        self.assertEqual(header.pop("__metadata__")["step"], str(STEPS))
        for name, value in arrays.items():
            start, end = header[name]["data_offsets"]
            self.assertEqual(image[8 + length + start : 8 + length + end], value.tobytes())
            self.assertEqual(header[name]["shape"], list(value.shape))
        try:
            from safetensors.numpy import load_file
        except ImportError:
            pass
        else:
            for name, value in load_file(tensors).items():
                np.testing.assert_array_equal(value, arrays[name])
        flowctl("convert", tensors, "--out", back)
        self.assertEqual(back.read_bytes(), npz.read_bytes())
        flowctl("convert", self.finished, "--averages", "--out", npz)
        averages = reference_files.read_checkpoint(self.checkpoint)["ema"]
        with np.load(npz) as found:
            for name, (value, _) in averages.items():
                np.testing.assert_array_equal(found[name], value)

    def test_digits_from_idx_train_a_model(self):
        random = np.random.default_rng(5)
        parts = {"train": 300, "t10k": 100}
        for name, rows in parts.items():
            images = random.integers(0, 17, (rows, 8, 8)).astype(np.uint8)
            with gzip.open(self.folder / f"{name}-images.gz", "wb") as file:
                file.write(struct.pack(">HBB3I", 0, 8, 3, *images.shape) + images.tobytes())
            with open(self.folder / f"{name}-labels", "wb") as file:
                file.write(struct.pack(">HBB1I", 0, 8, 1, rows) + (np.arange(rows) % 10).astype(np.uint8).tobytes())
        out = self.folder / "digits.h5"
        said = flowctl(
            "convert", self.folder / "train-images.gz", "--labels", self.folder / "train-labels", "--test", self.folder / "t10k-images.gz",
            "--test-labels", self.folder / "t10k-labels", "--validation-fraction", "0.1", "--out", out,
        ).stdout  # fmt: skip
        self.assertIn("uint8 rows of shape [8, 8], 270 rows to train, 30 rows to validate, 100 rows to test", said)
        with h5py.File(out) as file:
            reference_files.check_tree(file)
            np.testing.assert_allclose(file["scaling/mean"][()], file["train/x"][()].reshape(270, 64).mean(axis=0), rtol=1e-12)
            np.testing.assert_array_equal(file["test/x"][()], images)
        brief = ["training.steps=3", "training.batchSize=32", "model.hidden=16", "evaluation.samples=100", "evaluation.importanceSamples=2", "evaluation.gridPoints=16"]
        call(*train(self.folder / "run", "nhf-digits", [*brief, f"data.path={out}"]))
        flowctl("verify", out, self.folder / "run")

    def test_a_data_set_that_python_wrote_trains_a_model(self):
        random = np.random.default_rng(6)
        path = self.folder / "python.h5"
        x = random.integers(0, 17, (200, 8, 8)).astype(np.uint8)
        reference_files.write_dataset(path, {"train": (x, None), "test": (x[:100], None)}, title="noise")
        brief = ["training.steps=3", "training.batchSize=32", "model.hidden=16", "evaluation.samples=100", "evaluation.importanceSamples=2", "evaluation.gridPoints=16"]
        call(*train(self.folder / "run", "nhf-digits", [*brief, f"data.path={path}"]))

    def test_tables(self):
        table = self.folder / "table.csv"
        table.write_text("z,mu,err\n" + "".join(f"{i},{i * 2},{i % 3 + 1}\n" for i in range(40)))
        out = self.folder / "table.h5"
        flowctl("convert", table, "--label", "mu", "--test-fraction", "0.25", "--seed", "3", "--out", out)
        with h5py.File(out) as file:
            self.assertEqual(file.attrs["feature_names"], "z,err")
            rows = np.concatenate([file[f"{split}/x"][:, 0] for split in ("train", "test")])
            self.assertEqual(sorted(rows), list(range(40)))
            np.testing.assert_array_equal(file["train/y"][()], 2 * file["train/x"][:, 0])
        np.savez(self.folder / "mnist.npz", x_train=np.ones((5, 2)), y_train=np.arange(5), x_test=np.zeros((2, 2)))
        flowctl("convert", self.folder / "mnist.npz", "--out", out)
        with h5py.File(out) as file:
            self.assertEqual(file["test/x"].shape, (2, 2))

    def test_mistakes(self):
        table = self.folder / "table.csv"
        table.write_text("z,mu\n1,2\n3,four\n")
        out = self.folder / "out.h5"
        np.save(self.folder / "half.npy", np.ones(3, np.float16))
        (self.folder / "words.bin").write_text("words")
        np.savez(self.folder / "other.npz", weights=np.ones(3))
        for words, code, fragment in [
            ([table, "--out", out], 1, "line 3, column 2 (mu): found 'four', expected a finite number"),
            ([self.folder / "none.csv", "--out", out], 1, "none.csv: no such file"),
            ([self.folder / "half.npy", "--out", out], 1, "found type '<f2'"),
            ([self.folder / "words.bin", "--out", out], 1, "neither IDX, NPY, NPZ, nor a .csv file"),
            ([self.folder / "other.npz", "--out", out], 1, "no array x, x_train, or train_x; it has weights"),
            ([table, "--out", self.folder / "out.xyz"], 64, "unknown ending 'xyz'"),
            ([table, "--test-fraction", "1", "--out", out], 64, "expected a sum below 1"),
            ([self.finished, "--labels", table, "--out", self.folder / "w.npz"], 64, "weights have no labels"),
        ]:
            with self.subTest(words):
                result = flowctl("convert", *words, expected=code)
                self.assertIn(fragment, result.stderr)
                self.assertEqual(len(result.stderr.strip().splitlines()), 1)
        self.assertFalse(out.exists())


if __name__ == "__main__":
    unittest.main()
