"""Users who want one package: it is published as a repository of its own, and a program elsewhere depends on it by version.

    FLOWCTL=./flowctl python3 -m unittest discover -s Tests/EndToEnd -t Tests/EndToEnd -k consumers
    FLOWCTL=./flowctl python3 Tests/EndToEnd/test_consumers.py --out Tests/EndToEnd/consumers.md

The second one also runs what takes minutes: Autodiff, NHF, and a tag of the whole.
"""

import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from tool import WORKSPACE, call, command, git_identity, run_and_record

MANIFEST = """// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "consumer", platforms: [.macOS(.v15)],
  dependencies: [.package(url: "{url}", .upToNextMinor(from: "{version}"))],
  targets: [.executableTarget(name: "consumer", dependencies: [.product(name: "{product}", package: "{package}")])])
"""

# The example of the read-me file, which ends by printing a position and a momentum that lie on a circle.
INTEGRATORS = re.search(r"```swift\n(.*?)```", (WORKSPACE / "README.md").read_text(), re.DOTALL).group(1)

AUTODIFF = """import Autodiff

let slope = grad(Tensor(2.0, dtype: .float64)) { $0 * $0 * $0 }
print(slope.item() == 12)
"""

NHF = """import Autodiff
import NHF

let flow = try NeuralHamiltonianFlow(HamiltonianFlowConfiguration(dimension: 2), key: Key(seed: 1))
print(flow.sample(3, key: Key(seed: 2)).shape == [3, 2])
"""


class ConsumersTestCase(unittest.TestCase):
    def setUp(self):
        self.notes = []
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.environment = git_identity()
        self.packages = self.folder / "packages"
        call(command("publish", "--all", "--to", self.packages), env=self.environment, cwd=WORKSPACE)

    def consume(self, product, program, modules, repository=None, version=None):
        """Builds and runs a program that depends on one package by its version; nothing but `modules` may be compiled."""
        members = json.loads((WORKSPACE / "workspace.json").read_text())["members"]
        version = version or next(member["version"] for member in members if member["name"] == product)
        repository = repository or self.packages / product
        consumer = self.folder / f"uses-{product}"
        (consumer / "Sources" / "consumer").mkdir(parents=True)
        manifest = MANIFEST.format(url=repository.as_uri(), version=version, product=product, package=repository.name)
        (consumer / "Package.swift").write_text(manifest)
        (consumer / "Sources" / "consumer" / "main.swift").write_text(program)
        built = subprocess.run(
            ["swift", "build", "-c", "release"], cwd=consumer, capture_output=True, text=True, timeout=900)
        self.assertEqual(built.returncode, 0, built.stdout + built.stderr)
        compiled = {path.name.removesuffix(".build") for path in (consumer / ".build" / "release").glob("*.build") if any(path.rglob("*.o"))}
        self.assertEqual(compiled, modules | {"consumer"})
        ran = subprocess.run([consumer / ".build" / "release" / "consumer"], capture_output=True, text=True, timeout=60)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.notes.append(f"{product} {version}; compiled: {', '.join(sorted(compiled))}")
        return ran.stdout

    def check_circle(self, printed):
        position, momentum = map(float, printed.split())
        self.assertAlmostEqual(position**2 + momentum**2, 1, delta=1e-4)

    def test_integrators_alone_by_version(self):
        self.check_circle(self.consume("Integrators", INTEGRATORS, {"Integrators"}))

    def test_a_version_is_published_once(self):
        again = call(command("publish", "NHF", "--to", self.packages), expected=1, env=self.environment, cwd=WORKSPACE)
        self.assertIn("no package has a version that is not published yet", again.stderr)

    @unittest.skipUnless(__name__ == "__main__", "takes minutes: run this file itself")
    def test_autodiff_alone_by_version(self):
        self.assertEqual(self.consume("Autodiff", AUTODIFF, {"CAutodiff", "Autodiff"}), "true\n")

    @unittest.skipUnless(__name__ == "__main__", "takes minutes: run this file itself")
    def test_a_model_family_by_version(self):
        libraries = {"CAutodiff", "Autodiff", "NeuralNetworks", "Probability", "Integrators", "DifferentiableIntegrators"}
        self.assertEqual(self.consume("NHF", NHF, libraries | {"NHF"}), "true\n")

    @unittest.skipUnless(__name__ == "__main__", "takes minutes: run this file itself")
    def test_one_library_of_a_tag_of_the_whole(self):
        whole = self.folder / "whole"
        for words in (["clone", "-q", WORKSPACE, whole], ["-C", whole, "tag", "9.9.9"]):
            subprocess.run(["git", *words], check=True, capture_output=True)
        self.check_circle(self.consume("Integrators", INTEGRATORS, {"Integrators"}, whole, "9.9.9"))


if __name__ == "__main__":
    run_and_record("Packages as their users have them", "Tests/EndToEnd/test_consumers.py")
