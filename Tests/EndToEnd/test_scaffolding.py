"""What `new package` and `new recipe` begin, in a copy of the workspace: it is known, in order, trained, published.

    FLOWCTL=./flowctl python3 -m unittest discover -s Tests/EndToEnd -t Tests/EndToEnd -k scaffolding
    FLOWCTL=./flowctl python3 Tests/EndToEnd/test_scaffolding.py --out Tests/EndToEnd/scaffolding.md

The second one also builds the package and runs its tests, in the build of the workspace and in one of its own, which takes minutes.
"""

import json
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from tool import SMALL, WORKSPACE, call, git_identity, run_and_record, settings


class ScaffoldingTestCase(unittest.TestCase):
    def setUp(self):
        self.notes = []
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.copy = Path(temporary.name) / "workspace"
        words = ["git", "-C", WORKSPACE, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        for name in subprocess.run(words, check=True, capture_output=True, text=True).stdout.split("\0"):
            if name and (WORKSPACE / name).is_file():
                (self.copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(WORKSPACE / name, self.copy / name)
        self.environment = git_identity() | {"FLOWCTL_WORKSPACE": str(self.copy)}
        for words in (["init", "-q"], ["add", "--all"], ["commit", "-q", "-m", "copy"]):
            self.run_in_copy("git", *words)

    def run_in_copy(self, *words, timeout=120):
        result = subprocess.run(
            [str(word) for word in words], cwd=self.copy, env=self.environment, capture_output=True, text=True, timeout=timeout)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result.stdout

    def flowctl(self, *words, timeout=120):
        # The tool that the launcher has built, told to work in the copy.
        return self.run_in_copy(WORKSPACE / "Tools" / "flowctl" / ".build" / "release" / "flowctl", *words, timeout=timeout)

    def test_a_new_package_is_in_order_and_can_be_published(self):
        call([str(WORKSPACE / "flowctl"), "--version"])
        self.assertIn("flowctl test --package Waves", self.flowctl("new", "package", "Waves"))
        self.assertRegex(self.flowctl("list"), r"Waves +0\.1\.0 +2 +Packages/Waves")
        self.assertIn("all is well", self.flowctl("doctor"))
        self.run_in_copy("git", "add", "Packages/Waves")
        self.flowctl("publish", "Waves", "--to", "packages")
        self.assertEqual(self.run_in_copy("git", "-C", "packages/Waves", "tag").split(), ["0.1.0"])
        engine = next(member for member in json.loads((self.copy / "workspace.json").read_text())["members"] if member["name"] == "Waves")
        lowest, limit = engine["needs"]["Autodiff"].split("..<")
        manifest = (self.copy / "packages" / "Waves" / "Package.swift").read_text()
        self.assertIn(f'/packages/Autodiff", "{lowest}"..<"{limit}")', manifest)

    def test_a_new_recipe_trains(self):
        said = self.flowctl("new", "recipe", "nhf-waves", "--from", "nhf-gmm2d")
        self.assertIn("flowctl train nhf-waves", said)
        self.flowctl("train", "nhf-waves", "--out", "runs/waves", *settings([*SMALL, "training.steps=20"]))
        self.assertIn("nhf-waves", self.flowctl("runs"))
        self.assertTrue((self.copy / "runs" / "waves" / "report.html").exists())

    def build_new_package(self, *words):
        self.flowctl("new", "package", "Waves")
        said = self.flowctl(*words, "--package", "Waves", timeout=1500).strip().splitlines()
        self.notes.append(f"`flowctl {' '.join(words)} --package Waves`: {said[-1]}")
        return said[-1]

    @unittest.skipUnless(__name__ == "__main__", "takes minutes: run this file itself")
    def test_a_new_package_is_tested_alone(self):
        self.assertEqual(self.build_new_package("test", "--isolated"), "2 passed, 0 failed")

    @unittest.skipUnless(__name__ == "__main__", "takes minutes: run this file itself")
    def test_a_new_package_is_built(self):
        self.assertRegex(self.build_new_package("build"), r"^Waves +[\d.]+ ")

    @unittest.skipUnless(__name__ == "__main__", "takes minutes: run this file itself")
    def test_a_new_package_is_tested_with_the_others(self):
        self.assertEqual(self.build_new_package("test"), "2 passed, 0 failed")


if __name__ == "__main__":
    run_and_record("A new package", "Tests/EndToEnd/test_scaffolding.py")
