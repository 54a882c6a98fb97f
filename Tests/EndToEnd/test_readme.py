"""What the read-me file promises: its Python example, and its table of measurements. Its Swift example is run by test_consumers.py.

    FLOWCTL=./flowctl python3 -m unittest discover -s Tests/EndToEnd -t Tests/EndToEnd -k readme
"""

import re
import sys
import tempfile
import unittest

from tool import WORKSPACE, call, command, settings

README = (WORKSPACE / "README.md").read_text()


class ReadmeTestCase(unittest.TestCase):
    def test_the_python_example_reads_a_run(self):
        example = re.search(r"```python\n(.*?)```", README, re.DOTALL).group(1)
        promised = re.search(r"# \[(\S+) (\S+)\]: means", example)
        with tempfile.TemporaryDirectory() as folder:
            short = settings(["training.steps=300", "optimizer.schedule.warmupSteps=30", "optimizer.learningRate=0.004"])
            call(command("train", "supernova", "--out", "runs/supernova-1", *short), cwd=folder)
            printed = call([sys.executable, "-c", example], cwd=folder).stdout
        self.assertIn("potential.layers.0.weight (2, 64) float64", printed)
        self.assertIn("300 steps of the recipe", printed)
        means = re.search(r"\[(\S+)\s+(\S+)\]\s*$", printed)
        # A tenth of a posterior standard deviation.
        for found, expected, delta in zip(means.groups(), promised.groups(), (0.0008, 0.0025)):
            self.assertAlmostEqual(float(found), float(expected), delta=delta)

    def test_the_table_of_measurements_is_that_of_the_record(self):
        recorded = (WORKSPACE / "Benchmarks" / "RESULTS.md").read_text()
        measured = {}
        for line in recorded.splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if len(cells) >= 6 and cells[2] == "2":
                measured[cells[1], cells[3], cells[4]] = cells[5].split()[0]
        table = README[README.index("| training step |") :].split("\n\n")[0].splitlines()[2:]
        self.assertGreaterEqual(len(table), 5)
        for line in table:
            _, rows, ours, jax, ratio = [cell.strip() for cell in line.strip("|").split("|")]
            self.assertEqual(measured.get((rows, ours, jax)), ratio, line)


if __name__ == "__main__":
    unittest.main()
