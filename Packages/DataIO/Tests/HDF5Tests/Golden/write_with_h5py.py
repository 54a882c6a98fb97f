"""Writes h5py.h5, the file that PythonFileTests reads: python3 write_with_h5py.py"""
import pathlib

import h5py
import numpy as np

with h5py.File(pathlib.Path(__file__).with_name("h5py.h5"), "w") as file:
    file.attrs["variable"] = "größe"
    file.attrs["fixed"] = np.bytes_("fixed")
    file.attrs["fixed_utf8"] = np.array("ünï".encode(), dtype=h5py.string_dtype("utf-8", 10))
    file.attrs["variable_array"] = np.array(["a", "bc", ""], dtype=h5py.string_dtype())
    file.attrs["fixed_array"] = np.array([b"ab", b"c"])
    file.attrs["empty"] = h5py.Empty("f4")
    file.attrs["truth"] = np.bool_(True)
    file["bool"] = np.array([True, False, True])
    file["big_endian"] = np.array([1.5, 2.5], dtype=">f8")
    file["half"] = np.array([1], dtype="f2")
    file["complex"] = np.array([1j])
    file["scalar"] = 3.5
    file["text"] = np.array(["x", "yz"], dtype=h5py.string_dtype())
    file.create_dataset("deflated", data=np.arange(1000, dtype="i2").reshape(100, 10), compression="gzip", shuffle=True, fletcher32=True)
    file["soft"] = h5py.SoftLink("/scalar")
    file["external"] = h5py.ExternalLink("elsewhere.h5", "/x")
