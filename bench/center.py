#!/usr/bin/env python3
"""Times of `crom center`.

    python3 bench/center.py --bin target/release/crom --oracle conan        # ten packages
    python3 bench/center.py --bin target/release/crom --index CHECKOUT      # plans of an index

Ten packages: as many independent CMake libraries are built by one `center build` and one after the other by
the reference with `create`, on the same processors, both without tests and from empty caches.

Plans: the newest version of the first N recipes of an index for one profile, for growing N; each twice, so
that the second time is the one with a warm evaluation. Recipes that can't be resolved count as planned.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time

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
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout


class Recipe(ConanFile):
    name = "NAME"
    version = "1.0"
    package_type = "static-library"
    settings = "os", "arch", "compiler", "build_type"
    exports_sources = "CMakeLists.txt", "src/*"

    def layout(self):
        cmake_layout(self)

    def generate(self):
        CMakeToolchain(self).generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()

    def package_info(self):
        self.cpp_info.libs = ["NAME"]
"""


def home(folder):
    os.makedirs(os.path.join(folder, "profiles"))
    with open(os.path.join(folder, "profiles", "default"), "w") as file:
        file.write(PROFILE)
    with open(os.path.join(folder, "remotes.json"), "w") as file:
        file.write('{"remotes": []}')
    return dict(os.environ, CONAN_HOME=folder, NO_COLOR="1")


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def run(command, env, cwd, may_fail=False):
    begin = time.monotonic()
    done = subprocess.run(command, env=env, cwd=cwd, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode and not may_fail:
        sys.exit(f"{command} failed:\n{done.stdout[-3000:]}")
    return time.monotonic() - begin


def ten_packages(options, scratch):
    fork = os.path.join(scratch, "fork")
    names = [f"lib{number:02}" for number in range(10)]
    for name in names:
        folder = os.path.join(fork, "recipes", name)
        write(os.path.join(folder, "config.yml"), 'versions:\n  "1.0":\n    folder: all\n')
        write(os.path.join(folder, "all", "conanfile.py"), RECIPE.replace("NAME", name))
        sources = []
        for number in range(options.files):
            source = f"src/{name}_{number}.cpp"
            write(os.path.join(folder, "all", source),
                  "#include <map>\n#include <string>\n"
                  f"int {name}_{number}() {{ std::map<std::string, int> m; m[\"a\"] = {number}; return m.size(); }}\n")
            sources.append(source)
        write(os.path.join(folder, "all", "CMakeLists.txt"),
              f"cmake_minimum_required(VERSION 3.15)\nproject({name} CXX)\n"
              f"add_library({name} {' '.join(sources)})\ninstall(TARGETS {name})\n")
    write(os.path.join(fork, "center.yml"),
          "packages:\n" + "".join(f"  - {name}/1.0\n" for name in names))
    env = home(os.path.join(scratch, "crom"))
    ours = run([options.bin, "center", "build", "--no-test"], env, fork)
    env = home(os.path.join(scratch, "conan"))
    theirs = sum(run([options.oracle, "create", f"recipes/{name}/all", "--test-folder="], env, fork)
                 for name in names)
    print(f"ten packages: {ours:.1f} s by center build, {theirs:.1f} s one after the other by the "
          f"reference: {100 * ours / theirs:.0f} %")


def plans(options, scratch):
    recipes = os.path.join(options.index, "recipes")
    names = sorted(name for name in os.listdir(recipes)
                   if os.path.isfile(os.path.join(recipes, name, "config.yml")))
    fork = os.path.join(scratch, "index")
    os.makedirs(fork)
    os.symlink(recipes, os.path.join(fork, "recipes"))
    env = home(os.path.join(scratch, "plans"))
    for count in [len(names) // 4, len(names) // 2, len(names)]:
        with open(os.path.join(fork, "center.yml"), "w") as file:
            file.write("packages:\n" + "".join(f"  - {name}/[*]\n" for name in names[:count]))
        command = [options.bin, "center", "plan", "--format=json", "--out-file=plan.json"]
        first = run(command, env, fork, may_fail=True)
        second = run(command, env, fork, may_fail=True)
        print(f"plan of {count} recipes: {first:.1f} s, warm {second:.1f} s "
              f"({1000 * second / count:.1f} ms each)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, type=os.path.abspath, help="crom")
    parser.add_argument("--oracle", help="the reference; with it, the ten packages are built")
    parser.add_argument("--index", type=os.path.abspath, help="a checkout of an index; with it, it is planned")
    parser.add_argument("--files", type=int, default=6, help="source files of each of the ten packages")
    options = parser.parse_args()
    scratch = tempfile.mkdtemp(prefix="crom-bench-center-")
    try:
        if options.oracle:
            ten_packages(options, scratch)
        if options.index:
            plans(options, scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
