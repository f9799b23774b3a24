#!/usr/bin/env python3
"""What generating files for a consumer with many dependencies costs, beyond computing its graph.

    bench/generators.py --bin target/release/crom [--reference conan] [--dependencies 200] [--runs 10]

A consumer requires packages with libraries, some with components and with dependencies of their own.
`conan install` runs without generators and with CMakeDeps and CMakeToolchain; the difference of
the best runs is what generating costs, in time and in processor time, which a busy machine changes
less. Both programs use the same home, filled before.
"""
import argparse
import os
import resource
import shutil
import subprocess
import tempfile
import time

PROFILE = """[settings]
os=Linux
arch=x86_64
build_type=Release
compiler=gcc
compiler.version=12
compiler.libcxx=libstdc++11
compiler.cppstd=gnu17
"""
PACKAGE = """import os
from conan import ConanFile
from conan.tools.files import save


class Recipe(ConanFile):
    version = "1.0"
    package_type = "static-library"
    settings = "os", "arch", "compiler", "build_type"

    def requirements(self):
        number = int(self.name[3:])
        if number % 4 == 3:
            self.requires(f"pkg{number - 1}/1.0", transitive_headers=True)

    def package(self):
        save(self, os.path.join(self.package_folder, "include", f"{self.name}.h"), "")
        save(self, os.path.join(self.package_folder, "lib", f"lib{self.name}.a"), "")

    def package_info(self):
        number = int(self.name[3:])
        if number % 5 == 0:
            self.cpp_info.components["core"].libs = [self.name]
            self.cpp_info.components["more"].requires = ["core"]
            self.cpp_info.components["more"].defines = ["WITH_MORE=1"]
        else:
            self.cpp_info.libs = [self.name]
            self.cpp_info.system_libs = ["m"]
            if number % 4 == 3:
                other = number - 1
                self.cpp_info.requires = [f"pkg{other}::pkg{other}"]
"""


def measure(program, env, folder, runs, generators):
    command = [program, "install", os.path.join(folder, "conanfile.txt"),
               "--output-folder", os.path.join(folder, "out")]
    for name in generators:
        command += ["-g", name]
    times, processor = [], []
    for _ in range(runs):
        shutil.rmtree(os.path.join(folder, "out"), ignore_errors=True)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        subprocess.run(command, env=env, check=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times), min(processor)


def fill(program, env, folder, count):
    recipe = os.path.join(folder, "recipe")
    os.makedirs(recipe)
    with open(os.path.join(recipe, "conanfile.py"), "w") as file:
        file.write(PACKAGE)
    for number in range(count):
        subprocess.run([program, "create", recipe, "--name", f"pkg{number}"], env=env, check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    with open(os.path.join(folder, "conanfile.txt"), "w") as file:
        file.write("[requires]\n" + "".join(f"pkg{it}/1.0\n" for it in range(count)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--reference")
    parser.add_argument("--dependencies", type=int, default=200)
    parser.add_argument("--runs", type=int, default=10)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="generators-") as folder:
        home = os.path.join(folder, "home")
        os.makedirs(os.path.join(home, "profiles"))
        with open(os.path.join(home, "profiles", "default"), "w") as file:
            file.write(PROFILE)
        with open(os.path.join(home, "remotes.json"), "w") as file:
            file.write('{"remotes": []}')
        env = dict(os.environ, CONAN_HOME=home, NO_COLOR="1")
        fill(arguments.bin, env, folder, arguments.dependencies)
        programs = [("crom", arguments.bin)]
        if arguments.reference:
            programs.append(("reference", arguments.reference))
        print(f"{arguments.dependencies} dependencies, best of {arguments.runs}")
        print(f"{'program':10} {'':10} {'install':>10} {'generators':>11} {'generating':>11}")
        cost = {}
        for name, program in programs:
            plain = measure(program, env, folder, arguments.runs, [])
            generated = measure(program, env, folder, arguments.runs,
                                ["CMakeDeps", "CMakeToolchain"])
            for what, without, with_them in zip(("time", "processor"), plain, generated):
                cost[name, what] = with_them - without
                print(f"{name:10} {what:10} {without * 1000:7.0f} ms {with_them * 1000:8.0f} ms "
                      f"{cost[name, what] * 1000:8.0f} ms", flush=True)
        if arguments.reference:
            for what in ("time", "processor"):
                times = cost["reference", what] / cost["crom", what]
                print(f"{what}: {times:.1f} times less than the reference")


if __name__ == "__main__":
    main()
