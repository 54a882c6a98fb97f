"""A reader, a writer and a checker of the files that FORMAT.md describes, written from that page alone.

    python3 reference_files.py FILE...         checks every rule a reader has to refuse by
"""

import hashlib
import json
import sys
from pathlib import Path

import h5py
import numpy as np

SEAL = b"\nhamiltonian-flows seal sha256 "
TREE = b"\nhamiltonian-flows tree sha256 "
FILTERS = {h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_FLETCHER32}


class Refused(Exception):
    pass


# Section 2: the frame of every file.


def digest_of_whole(image):
    return hashlib.sha256(image).hexdigest().encode()


def digest_of_tree(image):
    blocks = (image[start : start + 65536] for start in range(0, len(image), 65536))
    return hashlib.sha256(b"".join(hashlib.sha256(block).digest() for block in blocks)).hexdigest().encode()


SEALS = {SEAL: digest_of_whole, TREE: digest_of_tree}


def seal_of(path):
    """The beginning of the seal that the file carries, or None; refuses a seal that does not match (2.1)."""
    image = Path(path).read_bytes()
    line = image[-96:]
    kind = line[: len(SEAL)]
    if kind not in SEALS:
        return None
    if line != kind + SEALS[kind](image[:-96]) + b"\n":
        raise Refused(f"{path}: the seal does not match")
    return kind


def seal(path, kind=SEAL):
    image = Path(path).read_bytes()
    with open(path, "ab") as file:
        file.write(kind + SEALS[kind](image) + b"\n")


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def check_frame(path, file):
    found = seal_of(path)
    attributes = file.attrs
    announced = TREE if text(attributes.get("digest", "")) == "tree" else SEAL if int(attributes.get("sealed", 0)) else None
    if announced and found != announced:
        raise Refused(f"{path}: the seal is gone")
    if text(attributes.get("schema", "")) != "hgm-data/1":
        if text(attributes.get("format", "")) != "hamiltonian-flows":
            raise Refused(f"{path}: format")
        if text(attributes.get("format_version", "")).split(".")[0] != "1":
            raise Refused(f"{path}: format_version")
        if text(attributes.get("kind", "")) not in ("checkpoint", "dataset", "samples"):
            raise Refused(f"{path}: kind")
    return found is not None


# Section 7: refusals.


def check_tree(group, path="", depth=0):
    if depth > 16:
        raise Refused(f"{path}: nested too deep")
    for name in group:
        place = f"{path}/{name}"
        if not isinstance(group.get(name, getlink=True), h5py.HardLink):
            raise Refused(f"{place}: a link")
        item = group[name]
        if isinstance(item, h5py.Dataset):
            check_dataset(place, item)
        elif isinstance(item, h5py.Group):
            if h5py.h5o.get_info(item.id).rc != 1:
                raise Refused(f"{place}: several hard links")
            check_tree(item, place, depth + 1)


def check_dataset(place, dataset):
    if dataset.is_virtual or dataset.external:
        raise Refused(f"{place}: values outside the file")
    properties = dataset.id.get_create_plist()
    for index in range(properties.get_nfilters()):
        if properties.get_filter(index)[0] not in FILTERS:
            raise Refused(f"{place}: filter")
    kind = dataset.dtype.kind
    is_text = h5py.check_string_dtype(dataset.dtype) is not None
    if not is_text and (kind not in "fiub" or dataset.dtype.itemsize > 8 or dataset.dtype == np.float16):
        raise Refused(f"{place}: type {dataset.dtype}")
    declared = dataset.size * dataset.dtype.itemsize
    if declared > 1 << 20 and declared > 1100 * dataset.id.get_storage_size():
        raise Refused(f"{place}: shape bomb")


# Section 3: checkpoints.


def read_arrays(group):
    """Path -> (array, attributes); booleans as such in both stored forms."""
    arrays = {}
    for name, dataset in group.items():
        if isinstance(dataset, h5py.Dataset):
            value = dataset[()]
            attributes = {key: dataset.attrs[key] for key in ("role", "encoding", "axes") if key in dataset.attrs}
            if text(attributes.get("encoding", "array")) == "bool":
                value = value.astype(bool)
            arrays["" if name == "@" else name] = (value, attributes)
    return arrays


def read_checkpoint(path):
    with h5py.File(path, "r") as file:
        check_frame(path, file)
        check_tree(file)
        if text(file.attrs["kind"]) != "checkpoint":
            raise Refused(f"{path}: not a checkpoint")
        result = {
            "root": {name: value for name, value in file.attrs.items() if name not in ("sealed", "digest")},
            "model": read_arrays(file["model"]),
            "ema": read_arrays(file["ema"]) if "ema" in file else {},
            "progress": dict(file["progress"].attrs),
            "metrics": {name: item[()] for name, item in file["progress/metrics"].items()} if "progress/metrics" in file else {},
            "recipe": json.loads(file["recipe"].asstr()[()]) if "recipe" in file else {},
            "environment": json.loads(file["environment"].asstr()[()]) if "environment" in file else {},
            "texts": {name: file[name].asstr()[()] for name in ("recipe", "environment") if name in file},
        }
        if "optimizer" in file:
            result["optimizer"] = (dict(file["optimizer"].attrs), read_arrays(file["optimizer"]))
        if "random/keys" in file:
            keys = file["random/keys"]
            if text(keys.attrs["generator"]) != "threefry2x32-20":
                raise Refused(f"{path}: generator")
            result["random"] = (keys[()], [text(name) for name in keys.attrs["names"]])
        if "data" in file:
            data = file["data"]
            scaling = {name: data[f"scaling/{name}"][()] for name in ("mean", "std")} if "scaling" in data else None
            if text(data.attrs.get("order", "whole")) not in ("whole", "windows"):
                raise Refused(f"{path}: order")
            result["data"] = (dict(data.attrs), data["shuffle_key"][()], scaling)
        return result


def write_arrays(group, arrays):
    for name, (value, attributes) in arrays.items():
        value = np.asarray(value)
        stored = value.astype(np.uint8) if value.dtype == bool else value
        options = {"chunks": value.shape, "fletcher32": True} if value.ndim and value.size else {}
        dataset = group.create_dataset(name or "@", data=stored, **options)
        dataset.attrs.update(attributes)


def write_checkpoint(path, checkpoint, kind=SEAL):
    with h5py.File(path, "w", libver=("earliest", "v110")) as file:
        file.attrs.update(checkpoint["root"])
        file.attrs.update({"digest": "tree"} if kind == TREE else {"sealed": np.uint8(1)})
        write_arrays(file.create_group("model"), checkpoint["model"])
        if checkpoint["ema"]:
            write_arrays(file.create_group("ema"), checkpoint["ema"])
        if "optimizer" in checkpoint:
            attributes, arrays = checkpoint["optimizer"]
            group = file.create_group("optimizer")
            group.attrs.update(attributes)
            write_arrays(group, arrays)
        if "random" in checkpoint:
            words, names = checkpoint["random"]
            file["random/keys"] = words
            file["random/keys"].attrs["generator"] = "threefry2x32-20"
            file["random/keys"].attrs["names"] = names
        if "data" in checkpoint:
            attributes, key, scaling = checkpoint["data"]
            file["data/shuffle_key"] = key
            file["data"].attrs.update(attributes)
            for name, value in (scaling or {}).items():
                file[f"data/scaling/{name}"] = value
        file.create_group("progress").attrs.update(checkpoint["progress"])
        metrics = file.create_group("progress/metrics")
        for name, column in checkpoint["metrics"].items():
            metrics[name] = column
        if "step" in metrics:
            metrics["step"].make_scale("step")
            for name in metrics:
                if name != "step":
                    metrics[name].dims[0].attach_scale(metrics["step"])
        for name, words in checkpoint["texts"].items():
            file[name] = words
    seal(path, kind)


# Sections 4 and 5: data sets and samples.


def write_dataset(path, splits, **attributes):
    """`splits`: name -> (x, y or None)."""
    with h5py.File(path, "w") as file:
        file.attrs["schema"] = "hgm-data/1"
        file.attrs["n_features"] = np.int32(np.prod(splits["train"][0].shape[1:]))
        file.attrs.update(attributes)
        for name, (x, y) in splits.items():
            file.create_dataset(f"{name}/x", data=x, chunks=(min(len(x), 64), *x.shape[1:]), compression="gzip", shuffle=True, fletcher32=True)
            if y is not None:
                file[f"{name}/y"] = y


def read_samples(path):
    with h5py.File(path, "r") as file:
        check_frame(path, file)
        check_tree(file)
        group = file["samples"]
        return group["x"][()], [text(name) for name in group["x"].attrs["names"]], group["log_weight"][()] if "log_weight" in group else None


def main():
    for path in sys.argv[1:]:
        with h5py.File(path, "r") as file:
            sealed = check_frame(path, file)
            check_tree(file)
        print(f"{path}: nothing to refuse, {'sealed' if sealed else 'not sealed'}")


if __name__ == "__main__":
    main()
