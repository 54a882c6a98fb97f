"""A few of the kills of kill_resume.py, at each test run.

    FLOWCTL=./flowctl python3 -m unittest discover -s Tests/EndToEnd -t Tests/EndToEnd
"""

import tempfile
import unittest

from kill_resume import Kills


class KillTest(unittest.TestCase):
    def test_killed_runs_end_with_the_same_bits(self):
        with tempfile.TemporaryDirectory() as folder:
            kills = Kills(folder, seed=2)
            kills.run(10)
        self.assertEqual(kills.counts["kills"], 10)
        self.assertEqual(kills.counts["files left half written"], 0)


if __name__ == "__main__":
    unittest.main()
