#!/usr/bin/env python3
"""Times `crom center lint` on a whole index, on half and on a quarter of it: the time per package stays the same.

  bench/lint.py --index CCI [--crom target/release/crom] [--runs 5] [--limit 10]

`--index` is a checkout of conan-center-index. The parts are folders of links to every second and every
fourth package. Each figure is the median of whole processes after a warm-up; with `--limit`, the exit
code is 1 if the whole index takes more seconds than that.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def part_of(index, every, folder):
    """A folder with links to every `every`th package."""
    recipes = os.path.join(folder, f"part{every}", "recipes")
    os.makedirs(recipes)
    for name in sorted(os.listdir(os.path.join(index, "recipes")))[::every]:
        os.symlink(os.path.join(index, "recipes", name), os.path.join(recipes, name))
    return os.path.dirname(recipes)


def seconds(crom, root, runs):
    """The median time of a process, and the last line of what it says."""
    times = []
    for _ in range(runs + 1):
        start = time.monotonic()
        done = subprocess.run([crom, "center", "lint", "--root", root, "--fail-on", "never",
                               # A part of an index lacks what its packages require.
                               "--ignore", "requires-unknown"],
                              capture_output=True, text=True, check=True)
        times.append(time.monotonic() - start)
    return statistics.median(times[1:]), done.stdout.strip().splitlines()[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index", required=True)
    parser.add_argument("--crom", default=os.path.join(ROOT, "target", "release", "crom"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--limit", type=float)
    args = parser.parse_args()
    index = os.path.abspath(args.index)
    with tempfile.TemporaryDirectory() as folder:
        for every in (4, 2, 1):
            root = index if every == 1 else part_of(index, every, folder)
            packages = len(os.listdir(os.path.join(root, "recipes")))
            time_taken, counts = seconds(args.crom, root, args.runs)
            print(f"{packages:5} packages  {time_taken:6.2f} s  {1000 * time_taken / packages:5.2f} ms each  ({counts})")
    if args.limit is not None and time_taken > args.limit:
        sys.exit(f"more than {args.limit} s")


if __name__ == "__main__":
    main()
