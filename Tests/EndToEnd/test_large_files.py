"""Files larger than the memory that the tool may use for them: `convert`, `diff`, and `inspect` pass through them block by block.

    FLOWCTL=./flowctl python3 -m unittest discover -s Tests/EndToEnd -t Tests/EndToEnd
"""

import os
import shutil
import subprocess
import tempfile
import unittest
import zipfile
from pathlib import Path

import h5py
import numpy as np
from tool import call, command

ROWS, WIDTH = 1 << 16, 1 << 10  # 256 MiB of float32
LIMIT = 160 << 20


def peak(words, expected=0):
    """The most memory the command held, in bytes, and what it said."""
    process = subprocess.Popen(command(*words), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = process.stdout.read()
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != expected:
        raise AssertionError(f"{words} ended with {process.returncode}\n{said}")
    return usage.ru_maxrss * (1024 if os.uname().sysname == "Linux" else 1), said


class LargeFileTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        call(command("--help"))  # The launcher builds what is out of date, which takes memory of its own.
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = Path(temporary.name)

    def rows(self, first, count):
        """Numbers that deflate well and differ from row to row and column to column."""
        return ((np.arange(first, first + count)[:, None] % 1021) + 4 * (np.arange(WIDTH) % 7)).astype(np.float32)

    def check(self, path):
        with h5py.File(path) as file:
            x = file["train/x"]
            self.assertEqual(x.shape, (ROWS, WIDTH))
            for first in (0, ROWS // 2 - 5, ROWS - 100):
                np.testing.assert_array_equal(x[first : first + 100], self.rows(first, 100))

    def write(self, file, fortran_order):
        """An NPY file, piece by piece: a process inherits the peak of the one that starts it, and this one has to stay small."""
        np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": fortran_order, "shape": (ROWS, WIDTH)})
        if fortran_order:
            for column in range(WIDTH):
                file.write(((np.arange(ROWS) % 1021) + 4 * (column % 7)).astype(np.float32).tobytes())
        else:
            for first in range(0, ROWS, 1024):
                file.write(self.rows(first, 1024).tobytes())

    def write_archive(self, name, fortran_order, compression):
        with zipfile.ZipFile(self.folder / name, "w", compression, compresslevel=1) as archive:
            with archive.open("x.npy", "w", force_zip64=True) as member:
                self.write(member, fortran_order)

    def converted(self, name):
        out = self.folder / "out.h5"
        memory, _ = peak(["convert", self.folder / name, "--out", out])
        self.check(out)
        self.assertLess(memory, LIMIT, f"{name}: {memory >> 20} MiB")
        (self.folder / name).unlink()
        return out

    def test_fortran_order(self):
        with open(self.folder / "columns.npy", "wb") as file:
            self.write(file, True)
        self.converted("columns.npy")

    def test_deflated_archive_in_fortran_order(self):
        self.write_archive("columns.npz", True, zipfile.ZIP_DEFLATED)
        self.converted("columns.npz")

    def test_archive_and_comparison(self):
        self.write_archive("rows.npz", False, zipfile.ZIP_STORED)
        out = self.converted("rows.npz")
        other = self.folder / "other.h5"
        shutil.copyfile(out, other)
        with h5py.File(other, "r+") as file:
            file["train/x"][ROWS - 1, WIDTH - 1] += 3
            del file.attrs["digest"]
        memory, said = peak(["diff", out, other], expected=1)
        self.assertLess(memory, LIMIT, f"diff: {memory >> 20} MiB")
        row = next(line for line in said.splitlines() if line.startswith("/train/x"))
        self.assertEqual(row.split()[2], "3")
        self.assertIn(f"1 of {ROWS * WIDTH}", row)
        memory, said = peak(["inspect", out])
        self.assertLess(memory, LIMIT, f"inspect: {memory >> 20} MiB")
        self.assertIn(f"{ROWS * WIDTH + 2 * WIDTH} numbers", said)


if __name__ == "__main__":
    unittest.main()
