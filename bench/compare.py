#!/usr/bin/env python3
"""Runs Crom and Conan on the same work and prints how much sooner Crom is.

  bench/compare.py [--crom target/release/crom] [--conan .tools/venv/bin/conan] [--index CCI] [NAME ...]

NAME is one or more of: version graph-cold graph-warm install create save (all by default).
`--index` is a checkout of conan-center-index, for the graphs. Each figure is the median of several
whole processes, run in turns after a warm-up; memory is the peak of the largest process.
"""
import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROFILE = """[settings]
os=Linux
arch=x86_64
compiler=gcc
compiler.version=12
compiler.libcxx=libstdc++11
compiler.cppstd=gnu17
build_type=Release
"""
RECIPE = """from conan import ConanFile


class Recipe(ConanFile):
    name = "{name}"
    version = "1.0"
    package_type = "static-library"
    settings = "os", "compiler", "build_type", "arch"
{requires}
    def package_info(self):
        self.cpp_info.libs = ["{name}"]
"""


class Program:
    """One of the two executables with a home of its own."""

    def __init__(self, label, path, folder):
        self.label, self.path = label, os.path.abspath(path)
        self.home = os.path.join(folder, label + "-home")
        self.work = os.path.join(folder, label + "-work")
        os.makedirs(self.work)
        self.fresh_home()

    def fresh_home(self):
        shutil.rmtree(self.home, ignore_errors=True)
        os.makedirs(os.path.join(self.home, "profiles"))
        with open(os.path.join(self.home, "profiles", "default"), "w") as file:
            file.write(PROFILE)
        with open(os.path.join(self.home, "remotes.json"), "w") as file:
            file.write('{\n "remotes": []\n}')

    def run(self, arguments, check=True):
        """-> (seconds, peak memory in MiB)"""
        env = dict(os.environ, CONAN_HOME=self.home, NO_COLOR="1")
        start = time.perf_counter()
        process = subprocess.Popen([self.path, *arguments], cwd=self.work, env=env, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        if check and os.waitstatus_to_exitcode(status) != 0:
            sys.exit(f"{self.label} {' '.join(arguments)} failed:\n{errors.decode(errors='replace')}")
        return seconds, usage.ru_maxrss / 1024


def measure(name, programs, run, wanted, runs=7, before=lambda program: None):
    """Runs both in turns and prints a line."""
    figures = {program.label: [] for program in programs}
    for turn in range(runs + 1):
        for program in programs:
            before(program)
            figure = run(program)
            if turn > 0:
                figures[program.label].append(figure)
    crom, conan = (figures[program.label] for program in programs)
    crom_seconds, conan_seconds = (statistics.median(s for s, _ in each) for each in (crom, conan))
    crom_memory, conan_memory = (max(m for _, m in each) for each in (crom, conan))
    ratio = conan_seconds / crom_seconds
    print(f"{name:12} crom {crom_seconds * 1000:9.1f} ms {crom_memory:6.0f} MiB   "
          f"conan {conan_seconds * 1000:9.1f} ms {conan_memory:6.0f} MiB   "
          f"{ratio:6.1f} times sooner (wanted: {wanted})", flush=True)


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def version(programs, _):
    measure("version", programs, lambda p: p.run(["--version"]), 40, runs=20)


def graph(programs, options, warm):
    if not options.index:
        print("graph-*      not run: --index names no checkout of conan-center-index")
        return
    arguments = ["graph", "info", "--requires=opencv/4.14.0", "--format=json"]

    def prepare(program):
        program.fresh_home()
        program.run(["remote", "add", "index", os.path.abspath(options.index)])

    if warm:
        for program in programs:
            prepare(program)
        measure("graph-warm", programs, lambda p: p.run(arguments), 15)
    else:
        measure("graph-cold", programs, lambda p: p.run(arguments), 8, runs=3, before=prepare)


def install(programs, _):
    """A graph of 100 installed packages, with CMakeDeps."""
    for program in programs:
        program.fresh_home()
        for number in range(100):
            below = [n for n in (number - 1, number - 7) if n >= 0]
            requires = "".join(f'        self.requires("lib{n:03}/1.0")\n' for n in below)
            if requires:
                requires = "\n    def requirements(self):\n" + requires
            name = f"lib{number:03}"
            write(os.path.join(program.work, name, "conanfile.py"), RECIPE.format(name=name, requires=requires))
            program.run(["export", name])
        program.run(["install", "--requires=lib099/1.0", "--build=missing"])
        os.makedirs(os.path.join(program.work, "out"), exist_ok=True)
    measure("install-100", programs,
            lambda p: p.run(["install", "--requires=lib099/1.0", "-g", "CMakeDeps", "-of", "out"]), 15, runs=5)


def create(programs, _):
    for program in programs:
        program.fresh_home()
        write(os.path.join(program.work, "trivial", "conanfile.py"), RECIPE.format(name="trivial", requires=""))
    measure("create", programs, lambda p: p.run(["create", "trivial"]), 5)


def libraries(folder, wanted):
    """Fills a folder with `wanted` bytes of what packages are made of: headers, libraries and programs of this
    machine, in the order of their paths."""
    total = 0
    for root in ["/usr/lib/gcc", "/usr/include", "/usr/lib/x86_64-linux-gnu", "/usr/lib", "/usr/bin"]:
        for parent, folders, files in os.walk(root):
            folders.sort()
            for name in sorted(files):
                path = os.path.join(parent, name)
                if os.path.islink(path) or not os.path.isfile(path) or not os.access(path, os.R_OK):
                    continue
                target = folder + path
                os.makedirs(os.path.dirname(target), exist_ok=True)
                shutil.copyfile(path, target)
                total += os.path.getsize(target)
                if total >= wanted:
                    return
    sys.exit(f"this machine has only {total} bytes of libraries")


def save(programs, _):
    """A package of 200 MB."""
    recipe = RECIPE.format(name="big", requires="") + """
    def package(self):
        import os, shutil
        shutil.copytree(os.environ["BENCH_DATA"], os.path.join(self.package_folder, "data"))
"""
    data = os.path.join(os.path.dirname(programs[0].home), "data")
    libraries(data, 200_000_000)
    os.environ["BENCH_DATA"] = data
    for program in programs:
        program.fresh_home()
        write(os.path.join(program.work, "big", "conanfile.py"), recipe)
        program.run(["create", "big"])
    measure("save-200MB", programs, lambda p: p.run(["cache", "save", "big/1.0:*", "--file=big.tgz"]), 10, runs=3)


BENCHMARKS = {
    "version": version,
    "graph-cold": lambda programs, options: graph(programs, options, warm=False),
    "graph-warm": lambda programs, options: graph(programs, options, warm=True),
    "install": install,
    "create": create,
    "save": save,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crom", default=os.path.join(ROOT, "target/release/crom"))
    parser.add_argument("--conan", default=os.path.join(ROOT, ".tools/venv/bin/conan"))
    parser.add_argument("--index")
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory(prefix="crom-bench-") as folder:
        for name in options.names or BENCHMARKS:
            place = os.path.join(folder, name)
            os.makedirs(place)
            programs = [Program("crom", options.crom, place), Program("conan", options.conan, place)]
            BENCHMARKS[name](programs, options)


if __name__ == "__main__":
    main()
