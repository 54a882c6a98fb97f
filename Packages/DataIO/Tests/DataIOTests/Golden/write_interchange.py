"""Writes the IDX, NPY, NPZ and chunked HDF5 files that InterchangeTests and RowStreamTests read.

    python3 write_interchange.py
"""

import gzip
import struct

import h5py
import numpy as np

table = (np.arange(12, dtype=np.float64) / 4 - 1).reshape(3, 4)
np.save("big-endian.npy", table.astype(">f4"))
np.save("fortran.npy", np.asfortranarray(np.arange(24, dtype=np.int16).reshape(2, 3, 4)))
np.save("scalar.npy", np.float64(2.5))
np.save("bool.npy", np.array([True, False, True]))
np.save("half.npy", table.astype(np.float16))
np.savez("stored.npz", x=table, labels=np.array([3, -1, 2**40], np.int64))
np.savez_compressed("deflated.npz", x=np.zeros((50, 20), np.float32), y=np.arange(50, dtype=np.uint8))
columns = np.asfortranarray((np.arange(2100) * 7919 % 65_521).reshape(100, 7, 3).astype(np.int32))
np.savez("columns-stored.npz", x=columns, y=np.arange(100))
np.savez_compressed("columns-deflated.npz", x=columns, y=np.arange(100))

images = (np.arange(2 * 3 * 5) * 7 % 256).astype(np.uint8).reshape(2, 3, 5)
header = struct.pack(">HBB3I", 0, 8, 3, *images.shape)
with open("images.idx", "wb") as file:
    file.write(header + images.tobytes())
with open("images.idx.gz", "wb") as file:
    file.write(gzip.compress(header + images.tobytes(), mtime=0))
with open("values.idx", "wb") as file:
    file.write(struct.pack(">HBB1I", 0, 13, 1, 3) + np.array([1.5, -2.0, 0.25], ">f4").tobytes())

# Row r of x is r, r + 1/4, r + 1/2; 103 rows in chunks of 10, the last one cut, and every way to store them.
rows = 103
x = (np.arange(rows)[:, None] + np.arange(3) / 4).astype(np.float32)
filters = {
    "plain": {},
    "gzip": {"compression": "gzip"},
    "shuffle": {"compression": "gzip", "shuffle": True, "fletcher32": True},
    "checked": {"fletcher32": True},
}
for name, options in filters.items():
    with h5py.File(f"stream-{name}.h5", "w") as file:
        file.attrs["schema"] = "hgm-data/1"
        file.create_dataset("train/x", data=x, chunks=(10, 3), **options)
        file["train/y"] = np.arange(rows, dtype=np.uint8)
for name, data, options in [
    ("contiguous", x, {}), ("columns", x, {"chunks": (10, 1), "compression": "gzip"}), ("big-endian", x.astype(">f4"), {"chunks": (10, 3)}),
]:  # fmt: skip
    with h5py.File(f"stream-{name}.h5", "w") as file:
        file.attrs["schema"] = "hgm-data/1"
        file.create_dataset("train/x", data=data, **options)
        file["train/y"] = np.arange(rows, dtype=np.uint8)
