"""Command line, thread limits and timing windows shared by the peers. Import it before JAX or PyTorch."""

import argparse
import json
import os
import statistics
import time

from workload_inputs import WORKLOADS, batch_size

WINDOWS = 7


def parse_arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--workload", choices=WORKLOADS, required=True)
    parser.add_argument("--dtype", choices=("float32", "float64"), default="float32")
    parser.add_argument("--threads", type=int, default=2, help="cores the process may use (default 2)")
    parser.add_argument("--batch", type=int, help="rows of a batch (default: as the workload says)")
    parser.add_argument("--seconds", type=float, default=5.0, help="time measured per variant (default 5)")
    parser.add_argument("--variants", help="comma-separated subset of the variants (default all)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    arguments.batch = arguments.batch or batch_size(arguments.workload)
    limit_threads(arguments.threads)
    return arguments


def limit_threads(threads):
    """Pins the process to `threads` cores before any library sizes its pools from the cores it sees."""
    if hasattr(os, "sched_setaffinity"):
        available = sorted(os.sched_getaffinity(0))
        if len(available) < threads:
            raise SystemExit(f"--threads {threads}: only {len(available)} cores are available to this process")
        os.sched_setaffinity(0, available[:threads])
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NPROC"):
        os.environ[name] = str(threads)
    eigen = "true" if threads > 1 else "false"
    flags = f"--xla_cpu_multi_thread_eigen={eigen} intra_op_parallelism_threads={threads}"
    os.environ["XLA_FLAGS"] = (os.environ.get("XLA_FLAGS", "") + " " + flags).strip()


def steps_per_second(run_steps, seconds, granularity=1):
    """Median over windows. `run_steps(n)` runs n steps (a multiple of `granularity`) and waits for the last."""
    run_steps(granularity)
    count = granularity
    while True:
        begin = time.perf_counter()
        run_steps(count)
        elapsed = time.perf_counter() - begin
        if elapsed > 0.1:
            break
        count *= 2
    target = seconds / WINDOWS * count / elapsed
    count = max(granularity, round(target / granularity) * granularity)
    rates = []
    for _ in range(WINDOWS):
        begin = time.perf_counter()
        run_steps(count)
        rates.append(count / (time.perf_counter() - begin))
    return {
        "stepsPerSecond": statistics.median(rates),
        "slowest": min(rates),
        "fastest": max(rates),
        "windows": WINDOWS,
        "stepsPerWindow": count,
    }


def resident_bytes(field="VmRSS"):
    """Resident memory of this process now, or its peak (`VmHWM`); 0 where /proc does not say."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            for line in status:
                if line.startswith(field + ":"):
                    return 1024 * int(line.split()[1])
    except OSError:
        pass
    return 0


def report(arguments, peer, version, variants, start_bytes=0):
    """`variants`: name -> result of `steps_per_second`, or {"error": text}. The best is the peer's figure.

    `start_bytes`: resident memory after the imports; the peak above it is reported.
    """
    measured = {name: result for name, result in variants.items() if "error" not in result}
    best = max(measured, key=lambda name: measured[name]["stepsPerSecond"]) if measured else None
    summary = {
        "peer": peer,
        "version": version,
        "workload": arguments.workload,
        "dtype": arguments.dtype,
        "threads": arguments.threads,
        "batch": arguments.batch,
        "stepsPerSecond": measured[best]["stepsPerSecond"] if best else None,
        "best": best,
        "peakBytes": resident_bytes("VmHWM") - start_bytes if start_bytes else None,
        "variants": variants,
    }
    if arguments.json:
        print(json.dumps(summary))
    else:
        for name, result in variants.items():
            if "error" in result:
                print(f"  {name:16s} {result['error']}")
            else:
                print(
                    f"  {name:16s} {result['stepsPerSecond']:9.1f} steps/s"
                    f"  ({result['slowest']:.1f} ... {result['fastest']:.1f} over {result['windows']} windows)"
                )
        if best:
            print(
                f"{peer} {version}  {arguments.workload}  {arguments.dtype}  batch {arguments.batch}"
                f"  threads {arguments.threads}:  {summary['stepsPerSecond']:.1f} steps/s ({best})"
            )
    if best is None:
        raise SystemExit(1)
