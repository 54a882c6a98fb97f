"""Writes jax_indexing.json and ../../LinearAlgebraTests/Golden/jax_linear_algebra.json: values and pullbacks of shape
operations, indexing, sorting, Einstein sums, matrix products and factorisations, from JAX on CPU.

    python3 Packages/Autodiff/Tests/AutodiffTests/Golden/make_jax_indexing.py

The format is that of `make_jax_primitives.py`, whose helpers it uses. Inputs that are not float64 are indices (int32).
"""

import platform
from pathlib import Path

from make_jax_primitives import CASES, INF, NAN, case, dump, jax, jnp, np, wave


def integers(*values):
    return np.asarray(values, dtype=np.int32) if values else np.zeros([0], np.int32)


def arrangements():
    x, line, scalar = wave(2, 3, 4), wave(5), wave()
    empty = np.zeros((2, 0, 3))
    for mode, extra in {"constant": {"constant_values": 1.5}, "edge": {}, "reflect": {}}.items():
        for name, array, widths in [
            ("cube", x, [[1, 0], [0, 2], [3, 1]]), ("line", line, [[4, 3]]), ("none", line, [[0, 0]]),
        ]:
            attributes = {"widths": widths, "mode": mode, "value": 1.5}
            case(f"pad {mode} {name}", "pad", lambda a, w=widths, m=mode, e=extra: jnp.pad(a, w, mode=m, **e), array, attributes=attributes)
    case("pad constant empty", "pad", lambda a: jnp.pad(a, [[1, 0], [1, 1], [0, 0]], constant_values=1.5), empty,
         attributes={"widths": [[1, 0], [1, 1], [0, 0]], "mode": "constant", "value": 1.5})
    case("pad constant NaN", "pad", lambda a: jnp.pad(a, [[1, 1]], constant_values=1.5), [NAN, INF],
         attributes={"widths": [[1, 1]], "mode": "constant", "value": 1.5}, differentiate=False)

    for index in range(3):
        case(f"split equal {index}", "split", lambda a, i=index: jnp.split(a, 3, axis=1)[i], x, attributes={"count": 3, "axis": 1, "part": index})
        case(f"split sizes {index}", "split", lambda a, i=index: jnp.split(a, [1, 1], axis=-1)[i], x,
             attributes={"sizes": [1, 0, 3], "axis": -1, "part": index})

    for repeats in ([2], [2, 1, 3], [2, 1, 1, 2], [0, 1, 1], []):
        case(f"tile {repeats}", "tile", lambda a, r=repeats: jnp.tile(a, r), x, attributes={"sizes": repeats})
    case("tile scalar", "tile", lambda a: jnp.tile(a, [2, 2]), scalar, attributes={"sizes": [2, 2]})
    for count, axis in [(3, 0), (2, -1), (0, 1), (1, 1)]:
        case(f"repeat {count} axis {axis}", "repeat", lambda a, c=count, x=axis: jnp.repeat(a, c, axis=x), x, attributes={"count": count, "axis": axis})
    for axis in (0, 1, -1):
        case(f"flip {axis}", "flip", lambda a, x=axis: jnp.flip(a, axis=x), x, attributes={"axis": axis})
        for shift in (1, -5, 3, 0):
            case(f"roll {shift} axis {axis}", "roll", lambda a, s=shift, x=axis: jnp.roll(a, s, axis=x), x, attributes={"count": shift, "axis": axis})
    case("flip empty", "flip", lambda a: jnp.flip(a, axis=1), empty, attributes={"axis": 1})
    case("roll empty", "roll", lambda a: jnp.roll(a, 2, axis=1), empty, attributes={"axis": 1, "count": 2})
    case("swap axes", "swapAxes", lambda a: jnp.swapaxes(a, 0, -1), x, attributes={"axes": [0, -1]})
    for source, target in [(0, -1), (-1, 0), (1, 1), (2, 1)]:
        case(f"move axis {source} to {target}", "moveAxis", lambda a, s=source, t=target: jnp.moveaxis(a, s, t), x, attributes={"axes": [source, target]})
    for offset in (0, 1, -1, 3, 4, -3):
        for axes in ([-2, -1], [0, 2], [2, 0]):
            attributes = {"offset": offset, "axes": axes}
            case(f"diagonal {offset} {axes}", "diagonal", lambda a, o=offset, x=axes: jnp.diagonal(a, o, *x), x, attributes=attributes)
        case(f"trace {offset}", "trace", lambda a, o=offset: jnp.trace(a, o, 1, 2), x, attributes={"offset": offset, "axes": [1, 2]})
        case(f"lower triangle {offset}", "lowerTriangle", lambda a, o=offset: jnp.tril(a, o), x, attributes={"offset": offset})
        case(f"upper triangle {offset}", "upperTriangle", lambda a, o=offset: jnp.triu(a, o), x, attributes={"offset": offset})
    case("diagonal empty", "diagonal", lambda a: jnp.diagonal(a, 0, 1, 2), empty, attributes={"offset": 0, "axes": [1, 2]})
    case("diagonal matrix", "diagonalMatrix", lambda a: jax.vmap(jnp.diag)(a), wave(2, 3))


def indexing():
    x = wave(3, 4, 2)
    for name, indices in {
        "vector": integers(2, 0, 2), "scalar": np.array(1, np.int32), "matrix": integers([0, 1], [2, 2]), "none": integers(),
    }.items():
        for axis in (0, 1, -3):
            case(f"take {name} axis {axis}", "take", lambda a, i, x=axis: jnp.take(a, i, axis=x), x, indices, attributes={"axis": axis})
    case("take repeated", "take", lambda a, i: jnp.take(a, i, axis=0), wave(2), integers(*[0, 1, 1, 1, 0]), attributes={"axis": 0})
    for axis, indices in [
        (0, integers([[2, 0], [1, 1], [0, 0], [2, 2]])), (1, np.arange(12, dtype=np.int32).reshape(3, 2, 2) % 4),
        (-1, np.ones((1, 4, 3), np.int32)), (1, np.zeros((3, 0, 2), np.int32)),
    ]:
        case(f"take along {axis} {indices.shape}", "takeAlong", lambda a, i, x=axis: jnp.take_along_axis(a, i, axis=x), x, indices, attributes={"axis": axis})
    case("scatter add rows", "scatterAdd", lambda a, u, i: a.at[i].add(u), wave(3, 2), wave(4, 2, phase=1.0), integers(*[0, 2, 2, 0]), attributes={"axis": 0})
    case("scatter add columns", "scatterAdd", lambda a, u, i: a.at[:, i].add(u), wave(3, 2), wave(3, 4, phase=1.0), integers(*[1, 1, 0, 1]), attributes={"axis": -1})
    case("scatter add broadcast", "scatterAdd", lambda a, u, i: a.at[i].add(u), wave(3, 2), wave(2, phase=1.0), integers(*[0, 2, 2, 0]), attributes={"axis": 0})
    case("scatter add none", "scatterAdd", lambda a, u, i: a.at[i].add(u), wave(3, 2), np.zeros((0, 2)), integers(), attributes={"axis": 0})
    case("one hot", "oneHot", lambda i: jax.nn.one_hot(i, 3, dtype=jnp.float64), integers([0, 2], [3, -1]), attributes={"count": 3}, differentiate=False)


def order():
    ties = np.array([[2.0, 1.0, 2.0, -0.0, 0.0, 1.0], [3.0, 3.0, 3.0, 1.0, 1.0, 2.0]])
    wild = np.array([1.0, NAN, -INF, INF, NAN, -1.0, 0.0])
    long = wave(3, 41)
    for name, array, axes in [("ties", ties, (0, -1)), ("wild", wild, (0,)), ("long", long, (1,)), ("empty", np.zeros((2, 0)), (0, 1)), ("cube", wave(2, 3, 4), (1,))]:
        for axis in axes:
            attributes = {"axis": axis}
            case(f"argsort {name} {axis}", "argsort", lambda a, x=axis: jnp.argsort(a, axis=x, stable=True), array, attributes=attributes)
            case(f"sort {name} {axis}", "sort", lambda a, x=axis: jnp.sort(a, axis=x, stable=True), array, attributes=attributes, differentiate=name != "wild")
    for name, array, k in [("ties", ties, 3), ("long", long, 5), ("all", wave(4), 4), ("none", wave(2, 3), 0), ("wild", wild, 3)]:
        case(f"topK {name}", "topK", lambda a, k=k: jax.lax.top_k(a, k)[0], array, attributes={"count": k}, differentiate=name != "wild")
        case(f"topK indices {name}", "topKIndices", lambda a, k=k: jax.lax.top_k(a, k)[1], array, attributes={"count": k}, differentiate=False)
    edges = np.array([-1.0, 0.0, 0.0, 0.5, 2.0])
    for side in ("left", "right"):
        case(f"search sorted {side}", "searchSorted", lambda a, v, s=side: jnp.searchsorted(a, v, side=s), edges,
             np.array([[-2.0, -1.0, 0.0], [0.25, 2.0, 3.0]]), attributes={"mode": side}, differentiate=False)
        case(f"search sorted empty {side}", "searchSorted", lambda a, v, s=side: jnp.searchsorted(a, v, side=s), np.zeros(0), [1.0],
             attributes={"mode": side}, differentiate=False)


def products():
    a, b, square, batch, cube = wave(3, 4), wave(4, 2, phase=0.3), wave(3, 3), wave(2, 3, 4), wave(2, 4, 5, phase=0.5)
    for equation, operands in [
        ("ij,jk->ik", [a, b]), ("ij,jk", [a, b]), ("ij,jk->ki", [a, b]), ("ij,ij->", [a, a + 1.0]), ("ij->ji", [a]), ("ij->", [a]), ("ji", [a]),
        ("ii->i", [square]), ("ii", [square]), ("ij,kk->ij", [a, square]), ("i,j->ij", [wave(3), wave(2)]), ("i,i", [wave(3), wave(3, phase=2.0)]),
        ("bij,bjk->bik", [batch, cube]), ("bij,bjk->kb", [batch, cube]), ("bij,jk->bik", [batch, b]), ("...ij,...jk->...ik", [batch, b]),
        ("...ij,jk", [batch, b]), ("i...,i...->...", [batch, wave(2, 1, 4)]), ("...,...", [wave(), wave(3)]), ("ab,bc,cd->ad", [a, b, wave(2, 5)]),
        ("ab,ac,ad->bcd", [wave(3, 2), wave(3, 4), wave(3, 2)]), ("iji->j", [wave(3, 2, 3)]), ("iijj->ij", [wave(2, 2, 3, 3)]),
        ("ij,jk->ik", [np.zeros((3, 0)), np.zeros((0, 2))]), ("ij,j->i", [np.zeros((0, 3)), wave(3)]), (",ij->ij", [wave(), a]), ("->", [wave()]),
        ("bhqd,bhkd->bhqk", [wave(2, 2, 3, 4), wave(2, 2, 5, 4)]), ("ab,cd,ef->", [a, b, square]), ("Aab,Ab->Aa", [batch, wave(2, 4)]),
    ]:
        case(f"einsum {equation} {[o.shape for o in operands]}", "einsum", lambda *x, e=equation: jnp.einsum(e, *x), *operands, attributes={"equation": equation})
    case("outer", "outer", jnp.outer, wave(2, 2), wave(3))
    case("outer empty", "outer", jnp.outer, np.zeros(0), wave(3))
    case("inner", "inner", jnp.inner, batch, wave(5, 4))
    case("inner vectors", "inner", jnp.inner, wave(4), wave(4, phase=1.0))
    case("inner scalar", "inner", jnp.inner, wave(), wave(4, phase=1.0))
    case("tensordot 2", "tensordot", lambda x, y: jnp.tensordot(x, y, 2), batch, wave(3, 4, 2), attributes={"count": 2})
    case("tensordot 0", "tensordot", lambda x, y: jnp.tensordot(x, y, 0), a, wave(2), attributes={"count": 0})
    case("tensordot axes", "tensordot", lambda x, y: jnp.tensordot(x, y, ((0, -1), (1, 0))), batch, wave(4, 2, 3), attributes={"axes": [0, -1, 1, 0]})
    for left, right in [
        ([4], [4]), ([3, 4], [4]), ([4], [4, 2]), ([2, 3, 4], [4]), ([4], [2, 4, 5]), ([2, 3, 4], [4, 2]), ([3, 4], [2, 4, 5]), ([2, 1, 3, 4], [5, 4, 2]),
        ([2, 3, 4], [1, 4, 2]), ([0, 4], [4, 2]), ([3, 0], [0, 2]), ([3, 4], [4, 0]), ([2, 3, 0], [0, 4]), ([0, 3, 4], [4, 2]), ([0, 3, 4], [1, 4, 2]),
        ([2, 0, 4], [2, 4, 3]), ([0], [0]), ([2, 3, 0], [0]), ([1, 1], [1, 1]),
    ]:
        case(f"matmul {left} {right}", "matmul", jnp.matmul, wave(*left), wave(*right, phase=0.3))


def triangular_systems():
    factor = np.tril(wave(3, 3)) + 2.0 * np.eye(3)
    stack = np.stack([factor, factor + np.eye(3)])
    solve = jax.scipy.linalg.solve_triangular
    case("triangularSolve vector", "triangularSolve", lambda a, b: solve(a, b, lower=True), factor, wave(3), attributes={"mode": "lower"})
    case("triangularSolve batch", "triangularSolve", jax.vmap(lambda a, b: solve(a, b, lower=True)), stack, wave(2, 3, 2), attributes={"mode": "lower"})
    case("triangularSolve wide", "triangularSolve", jax.vmap(lambda a, b: solve(a, b, lower=True), (None, 0)), factor, wave(4, 3, 2), attributes={"mode": "lower"})
    case("triangularSolve shared", "triangularSolve", jax.vmap(lambda a, b: solve(a, b, lower=False), (0, None)), stack.swapaxes(1, 2), wave(3, 2), attributes={"mode": "upper"})
    case("cholesky batch", "cholesky", lambda a: jnp.linalg.cholesky(a, symmetrize_input=True), stack @ stack.swapaxes(1, 2))
    case("cholesky empty", "cholesky", lambda a: jnp.linalg.cholesky(a, symmetrize_input=True), np.zeros((0, 3, 3)))


def factorisations():
    square = wave(2, 4, 4) + 2.0 * np.eye(4)
    symmetric = square + square.swapaxes(1, 2)
    tall, wide = wave(2, 5, 3), wave(3, 5)
    symmetrized = lambda a: 0.5 * (a + jnp.swapaxes(a, -1, -2))  # noqa: E731
    case("eigenvalues", "eigenvalues", lambda a: jnp.linalg.eigh(symmetrized(a))[0], symmetric)
    case("eigenvalues not symmetric", "eigenvalues", lambda a: jnp.linalg.eigh(symmetrized(a))[0], square)
    case("eigenvalues repeated", "eigenvalues", lambda a: jnp.linalg.eigvalsh(symmetrized(a)), np.eye(3), differentiate=False)
    case("eigenvalues one", "eigenvalues", lambda a: jnp.linalg.eigh(symmetrized(a))[0], wave(1, 1))
    case("eigenvalues empty", "eigenvalues", lambda a: jnp.linalg.eigvalsh(a), np.zeros((0, 3, 3)), differentiate=False)
    # Signs of vectors are free: squares of their entries are not.
    case("eigenvectors squared", "eigenvectorsSquared", lambda a: jnp.linalg.eigh(symmetrized(a))[1] ** 2, symmetric)
    for name, array in {"tall": tall, "square": square}.items():
        case(f"qr q {name}", "qrFirst", lambda a: jnp.linalg.qr(a)[0], array)
        case(f"qr r {name}", "qrSecond", lambda a: jnp.linalg.qr(a)[1], array)
    case("qr q wide", "qrFirst", lambda a: jnp.linalg.qr(a)[0], wide, differentiate=False)
    case("qr r wide", "qrSecond", lambda a: jnp.linalg.qr(a)[1], wide, differentiate=False)
    for name, array in {"tall": tall, "wide": wide, "square": square}.items():
        singular = lambda a: jnp.linalg.svd(a, full_matrices=False)[1]  # noqa: E731
        case(f"singular values {name}", "singularValues", singular, array)
        case(f"singular left {name}", "singularLeftSquared", lambda a: jnp.linalg.svd(a, full_matrices=False)[0] ** 2, array)
        case(f"singular right {name}", "singularRightSquared", lambda a: jnp.linalg.svd(a, full_matrices=False)[2] ** 2, array)
    case("log determinant", "logDeterminant", lambda a: jnp.linalg.slogdet(a)[1], square)
    case("log determinant sign", "determinantSign", lambda a: jnp.linalg.slogdet(a)[0], np.stack([wave(3, 3), -wave(3, 3)]), differentiate=False)
    case("log determinant negative", "logDeterminant", lambda a: jnp.linalg.slogdet(a)[1], np.stack([wave(3, 3), -wave(3, 3)]))
    case("log determinant singular", "logDeterminant", lambda a: jnp.linalg.slogdet(a)[1], np.ones((2, 2)), differentiate=False)
    case("log determinant singular sign", "determinantSign", lambda a: jnp.linalg.slogdet(a)[0], np.ones((2, 2)), differentiate=False)
    case("log determinant empty", "logDeterminant", lambda a: jnp.linalg.slogdet(a)[1], np.zeros((2, 0, 0)), differentiate=False)
    case("inverse", "inverse", jnp.linalg.inv, square)
    case("inverse one", "inverse", jnp.linalg.inv, wave(1, 1) + 0.5)
    case("solve", "solve", jnp.linalg.solve, square, wave(2, 4, 3))
    case("solve vector", "solve", jnp.linalg.solve, square[0], wave(4))
    case("solve broadcast", "solve", jnp.linalg.solve, square, np.broadcast_to(wave(4, 2), (2, 4, 2)))
    case("solve pivoting", "solve", jnp.linalg.solve, np.array([[0.0, 1.0], [2.0, 0.0]]), wave(2, 1))


def main():
    here = Path(__file__).resolve().parent
    head = {
        "madeBy": "Packages/Autodiff/Tests/AutodiffTests/Golden/make_jax_indexing.py",
        "versions": {"python": platform.python_version(), "jax": jax.__version__, "numpy": np.__version__},
    }
    for make in (arrangements, indexing, order, products, triangular_systems):
        make()
    dump({**head, "cases": CASES}, here / "jax_indexing.json")
    print(len(CASES), "cases of shapes, indices and products")
    CASES.clear()
    factorisations()
    folder = here.parent.parent / "LinearAlgebraTests" / "Golden"
    folder.mkdir(parents=True, exist_ok=True)
    dump({**head, "cases": CASES}, folder / "jax_linear_algebra.json")
    print(len(CASES), "cases of factorisations")


if __name__ == "__main__":
    main()
