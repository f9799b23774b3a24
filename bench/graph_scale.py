#!/usr/bin/env python3
"""How the cost of a graph grows with its nodes: synthetic recipes, layered and full of diamonds.

    bench/graph_scale.py --bin target/release/crom [--reference conan] [--sizes 100 1000] [--limit 120]

layered: ten layers, each package requires three of the layer below. diamond: eight layers, each
package requires its two neighbours below and the one package of the next layer that all require. In
both, what a package sees is bounded by the depth, as in real graphs, so cost should grow with nodes
and edges. With --deep also what has no bound: deep has layers of ten packages, chain has packages that
require the next two each; there everything sees everything below it, so that already the result
grows with the square of the nodes.

Recipes are found in a folder of recipes (local-recipes-index); times are of `graph info`, first in a
home that doesn't have them yet, then again.
"""
import argparse
import os
import shutil
import subprocess
import tempfile
import time

PROFILE = "[settings]\nos=Linux\narch=x86_64\nbuild_type=Release\n"
RECIPE = """from conan import ConanFile


class Recipe(ConanFile):
    name = "{name}"
    package_type = "static-library"
    settings = "os", "arch", "build_type"

    def requirements(self):
        {body}
"""


def layered(size, layers=10):
    width = max(size // layers, 3)
    yield from stacked(size, width, lambda at: [at, at + 1, at + 2])


def diamond(size, layers=8):
    width = max(size // layers, 3)
    yield from stacked(size, width, lambda at: sorted({0, at, (at + 1) % width}))


def deep(size):
    yield from stacked(size, 10, lambda at: [at, at + 1, at + 2])


def chain(size):
    for number in range(size):
        yield number, [it for it in (number + 1, number + 2) if it < size]


def stacked(size, width, below):
    """Layers from the top; `below` gives places in the next layer."""
    for number in range(size):
        layer, at = divmod(number, width)
        found = [(layer + 1) * width + it % width for it in below(at)]
        yield number, [it for it in dict.fromkeys(found) if it < size]


def write(index, shape, size):
    for number, below in shape(size):
        name = f"pkg{number}"
        folder = os.path.join(index, "recipes", name, "all")
        os.makedirs(folder)
        with open(os.path.join(index, "recipes", name, "config.yml"), "w") as file:
            file.write('versions:\n  "1.0":\n    folder: all\n')
        requires = [f'self.requires("pkg{it}/1.0")' for it in below]
        with open(os.path.join(folder, "conanfile.py"), "w") as file:
            file.write(RECIPE.format(name=name, body="\n        ".join(requires) or "pass"))


def measure(program, index, roots, limit):
    home = tempfile.mkdtemp(prefix="scale-")
    try:
        os.makedirs(os.path.join(home, "profiles"))
        with open(os.path.join(home, "profiles", "default"), "w") as file:
            file.write(PROFILE)
        env = dict(os.environ, CONAN_HOME=home, NO_COLOR="1")

        def run(*arguments):
            start = time.perf_counter()
            subprocess.run([program, *arguments], env=env, check=True, timeout=limit,
                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
            return time.perf_counter() - start

        run("remote", "remove", "*")
        run("remote", "add", "index", index)
        command = ["graph", "info", "--format=json", "--build=missing"]
        command += [f"--requires={root}/1.0" for root in roots]
        first = run(*command)
        return first, run(*command)
    except subprocess.TimeoutExpired:
        return None
    finally:
        shutil.rmtree(home)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--reference")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 5000])
    parser.add_argument("--limit", type=float, default=120)
    parser.add_argument("--deep", action="store_true", help="also graphs without a bound")
    arguments = parser.parse_args()
    programs = [("crom", arguments.bin)]
    if arguments.reference:
        programs.append(("reference", arguments.reference))
    print(f"{'shape':8} {'nodes':>6} {'program':10} {'first':>8} {'again':>8} {'ms/node':>8}")
    for shape in [layered, diamond] + ([deep, chain] if arguments.deep else []):
        for size in arguments.sizes:
            required = {it for _, below in shape(size) for it in below}
            roots = [f"pkg{it}" for it in range(size) if it not in required]
            with tempfile.TemporaryDirectory(prefix="scale-index-") as index:
                write(index, shape, size)
                for name, program in programs:
                    found = measure(program, index, roots, arguments.limit)
                    row = f"{shape.__name__:8} {size:6} {name:10}"
                    if found is None:
                        print(f"{row} {'over the limit':>17}", flush=True)
                        continue
                    first, again = found
                    print(f"{row} {first:7.2f}s {again:7.2f}s {again / size * 1000:8.2f}",
                          flush=True)


if __name__ == "__main__":
    main()
