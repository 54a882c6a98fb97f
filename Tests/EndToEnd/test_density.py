"""`flowctl density`: scores of the rows of CSV and HDF5 files by a density that a run has learned."""

import csv
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy as np
from tool import call, command, settings

SETTINGS = [
    "training.steps=150", "training.batchSize=100", "training.checkpointEvery=150", "model.layers=2", "model.points=15", "model.bins=4",
    "evaluation.samples=200",
]  # fmt: skip


def write_csv(path, rows):
    with open(path, "w", newline="", encoding="ascii") as file:
        csv.writer(file).writerows([["a", "b"], *rows.tolist()])


def read_scores(path):
    with open(path, encoding="ascii") as file:
        rows = list(csv.DictReader(file))
    return np.array([float(row["log_density"]) for row in rows]), [int(row["outlier_rank"]) for row in rows]


class DensityTest(unittest.TestCase):
    def test_rows_of_both_formats_are_scored_and_outliers_come_first(self):
        # A normal law whose density is known, with a correlation of 0.8.
        factor = np.array([[2.0, 0.0], [0.8, 0.6]])
        draw = np.random.default_rng(1)
        rows = draw.normal(size=(2000, 2)) @ factor.T + [5.0, -1.0]
        new = np.concatenate([draw.normal(size=(300, 2)) @ factor.T + [5.0, -1.0], [[5.0, 4.0]]])
        with tempfile.TemporaryDirectory() as folder:
            base = Path(folder)
            write_csv(base / "table.csv", rows)
            write_csv(base / "new.csv", new)
            with h5py.File(base / "new.h5", "w") as file:
                file["x"] = new
            out = base / "run"
            call(command("train", "kernel-table", "--out", out, *settings([*SETTINGS, f"data.path={base / 'table.csv'}"])))
            shown = call(command("density", out, base / "new.csv", "--out", base / "scores.csv")).stdout
            call(command("density", out, base / "new.h5", "--out", base / "again.csv"))
            scores, ranks = read_scores(base / "scores.csv")
            self.assertEqual(scores.tolist(), read_scores(base / "again.csv")[0].tolist())
            self.assertEqual(sorted(ranks), list(range(1, 302)))
            self.assertEqual(ranks[300], 1)
            self.assertIn("301 rows", shown)
            standard = np.linalg.solve(factor, (new - [5.0, -1.0]).T)
            exact = -0.5 * (standard**2).sum(axis=0) - np.log(2 * np.pi) - np.log(np.linalg.det(factor))
            self.assertLess(abs(scores[:300].mean() - exact[:300].mean()), 0.15)

            (base / "wrong.csv").write_text("a,b\n1,2\n3,high\n", encoding="ascii")
            wrong = call(command("density", out, base / "wrong.csv"), expected=1)
            self.assertIn("'high'", wrong.stderr)
            (base / "missing.csv").write_text("a,b\n1,2\n3,nan\n", encoding="ascii")
            missing = call(command("density", out, base / "missing.csv"), expected=1)
            self.assertIn("--drop-incomplete", missing.stderr)
            call(command("density", out, base / "missing.csv", "--drop-incomplete", "--out", base / "kept.csv"))
            self.assertEqual(len(read_scores(base / "kept.csv")[0]), 1)


if __name__ == "__main__":
    unittest.main()
