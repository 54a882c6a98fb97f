"""Writes the files that PythonCheckpointTests and HostileFileTests read, from FORMAT.md alone: python3 write_with_h5py.py"""
import hashlib
import pathlib

import h5py
import numpy as np

FOLDER = pathlib.Path(__file__).parent


def checkpoint(name, kind="checkpoint", version="1.0", format_name="hamiltonian-flows"):
    """A checkpoint of a two-layer model as FORMAT.md, section 3, describes it."""
    file = h5py.File(FOLDER / name, "w", libver=("v110", "v110"))
    file.attrs.update({"format": format_name, "format_version": version, "kind": kind})
    file.attrs.update({"software": "h5py", "software_version": h5py.__version__, "created": "2026-01-02T03:04:05Z"})
    model = file.create_group("model")
    for path, shape in {"layers.0.weight": (3, 2), "layers.0.bias": (3,), "scale": ()}.items():
        values = np.arange(np.prod(shape, dtype=int), dtype="f4").reshape(shape)
        dataset = model.create_dataset(path, data=values, fletcher32=True if shape else None)
        dataset.attrs["role"] = "buffer" if path == "scale" else "parameter"
    model["layers.0.weight"].attrs["axes"] = "out,in"
    progress = file.create_group("progress")
    progress.attrs["step"] = np.int64(7)
    file["recipe"] = '{"seed": 1}'
    return file


def complete(file):
    """The groups a checkpoint may have beyond the required ones."""
    file.create_group("ema").create_dataset("scale", data=np.float32(5))
    optimizer = file.create_group("optimizer")
    optimizer.attrs.update({"kind": "adam", "step": np.int64(7), "learning_rate": 1e-3})
    optimizer.create_dataset("first.scale", data=np.float32(0.25))
    keys = file.create_dataset("random/keys", data=np.array([[1, 2], [3, 4]], dtype="u4"))
    keys.attrs["generator"] = "threefry2x32-20"
    data = file.create_group("data")
    data.attrs.update({"source": "supernova", "epoch": np.int64(2), "cursor": np.int64(64)})
    data["shuffle_key"] = np.array([5, 6], dtype="u4")
    file["progress"].create_dataset("metrics/step", data=np.array([1, 7]))
    file["progress/metrics/loss"] = np.array([2.5, np.nan])
    file["environment"] = "{}"
    file.create_group("unknown").create_dataset("ignored", data=np.array([1j]))


with checkpoint("python.h5") as file:
    complete(file)
with checkpoint("soft-link.h5") as file:
    file["model/other"] = h5py.SoftLink("/model/scale")
with checkpoint("external-link.h5") as file:
    file["model/other"] = h5py.ExternalLink("/etc/passwd", "/x")
with checkpoint("virtual.h5") as file:
    layout = h5py.VirtualLayout((4,), "f4")
    layout[:] = h5py.VirtualSource("elsewhere.h5", "x", (4,))
    file["model"].create_virtual_dataset("other", layout)
with checkpoint("external-storage.h5") as file:
    file["model"].create_dataset("other", shape=(4,), dtype="f4", external=[("/etc/hostname", 0, 16)])
with checkpoint("lzf.h5") as file:
    file["model"].create_dataset("other", data=np.zeros(100), compression="lzf")
with checkpoint("compound.h5") as file:
    file["model"].create_dataset("other", data=np.zeros(2, dtype=[("a", "f4"), ("b", "i4")]))
with checkpoint("bomb.h5") as file:
    file["model"].create_dataset("other", shape=(1 << 40,), dtype="f8", chunks=(1 << 16,), compression="gzip")
with checkpoint("cycle.h5") as file:
    file["model/again"] = file["/model"]
with checkpoint("role.h5") as file:
    file["model/scale"].attrs["role"] = "frozen"
with checkpoint("ema-of-nothing.h5") as file:
    file["ema/absent"] = np.float32(1)
with checkpoint("seal-announced.h5") as file:
    file.attrs["sealed"] = np.uint8(1)
with checkpoint("tree-announced.h5") as file:
    file.attrs["digest"] = "tree"
with checkpoint("sealed-whole.h5", version="1.1") as file:
    file.attrs["sealed"] = np.uint8(1)
sealed = (FOLDER / "sealed-whole.h5").read_bytes()
(FOLDER / "sealed-whole.h5").write_bytes(sealed + b"\nhamiltonian-flows seal sha256 %s\n" % hashlib.sha256(sealed).hexdigest().encode())
with checkpoint("negative-step.h5") as file:
    file["progress"].attrs["step"] = np.int64(-1)
with checkpoint("other-generator.h5") as file:
    file["random/keys"] = np.zeros((1, 2), dtype="u4")
    file["random/keys"].attrs["generator"] = "philox"
with checkpoint("no-model.h5") as file:
    del file["model"]
checkpoint("version-2.h5", version="2.0").close()
checkpoint("kind-samples.h5", kind="samples").close()
checkpoint("other-format.h5", format_name="keras").close()
