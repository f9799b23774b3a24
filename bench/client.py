#!/usr/bin/env python3
"""How fast the client moves packages, beside the reference's client and the same server.

    bench/client.py --crom target/release/crom [--conan conan] [--packages 500] [--downloads 200]

* upload: small packages (a header of 4 KiB, a recipe with exported sources) from a cache to an empty repository.
* download: packages of 20 files of 8 KiB each into an empty cache, unpacked, by `download` and by `install`.

Each figure is the best of three. Needs Python 3.9 and nothing else beside the programs.
"""

import argparse
import hashlib
import io
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from server import Ours  # noqa: E402

INFO = b"[settings]\nos=Linux\n"
PROFILE = "[settings]\nos=Linux\narch=x86_64\ncompiler=gcc\ncompiler.version=12\ncompiler.libcxx=libstdc++11\nbuild_type=Release\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crom", required=True, help="the executable, built with --release")
    parser.add_argument("--conan", default=shutil.which("conan"))
    parser.add_argument("--packages", type=int, default=500)
    parser.add_argument("--downloads", type=int, default=200)
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="crom-bench-") as folder:
        run(arguments, pathlib.Path(folder))


def run(arguments, folder):
    server = Ours(arguments.crom, folder / "server")
    try:
        programs = {"crom": arguments.crom}
        if arguments.conan:
            programs["conan"] = arguments.conan
        upload(arguments, server, folder, programs)
        download(arguments, server, folder, programs)
    finally:
        server.stop()


def upload(arguments, server, folder, programs):
    archive = folder / "small.tgz"
    write_archive(archive, "small", arguments.packages, [4 << 10])
    times = {}
    for name, program in programs.items():
        for turn in range(arguments.repeat):
            repository = f"up-{name}-{turn}"
            add_repository(arguments, server, repository)
            home = Home(program, folder / repository, server, repository)
            home.run("cache", "restore", str(archive))
            times.setdefault(name, []).append(home.run("upload", "*", "-r", "bench", "-c"))
            shutil.rmtree(home.path)
    report(f"upload of {arguments.packages} small packages", times)


def download(arguments, server, folder, programs):
    archive = folder / "large.tgz"
    write_archive(archive, "large", arguments.downloads, [8 << 10] * 20)
    add_repository(arguments, server, "down")
    home = Home(programs["crom"], folder / "source", server, "down")
    home.run("cache", "restore", str(archive))
    home.run("upload", "*", "-r", "bench", "-c")
    requires = "".join(f"large{number}/1.0\n" for number in range(arguments.downloads))
    for command in [["download", "*", "-r", "bench"], ["install", "conanfile.txt", "--build=never"]]:
        times = {}
        for name, program in programs.items():
            for turn in range(arguments.repeat):
                home = Home(program, folder / f"{command[0]}-{name}-{turn}", server, "down")
                (home.path / "conanfile.txt").write_text(f"[requires]\n{requires}")
                times.setdefault(name, []).append(home.run(*command))
                shutil.rmtree(home.path)
        report(f"{command[0]} of {arguments.downloads} packages of 20 files", times)


def report(what, times):
    best = {name: min(seconds) for name, seconds in times.items()}
    text = f"{what}: crom {best['crom']:.2f} s"
    if "conan" in best:
        text += f", conan {best['conan']:.2f} s: {best['conan'] / best['crom']:.1f} times"
    print(text, flush=True)


class Home:
    """An empty home that knows a repository as `bench`, with a login."""

    def __init__(self, program, path, server, repository):
        self.program, self.path = program, path
        (path / "profiles").mkdir(parents=True)
        (path / "profiles/default").write_text(PROFILE)
        url = f"http://127.0.0.1:{server.port}/{repository}"
        (path / "remotes.json").write_text(json.dumps({"remotes": [{"name": "bench", "url": url, "verify_ssl": True}]}))
        self.run("remote", "login", "bench", "admin", "-p", server.password)

    def run(self, *arguments):
        """Seconds."""
        started = time.monotonic()
        done = subprocess.run([self.program, *arguments], cwd=self.path, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, env={**os.environ, "CONAN_HOME": str(self.path), "NO_COLOR": "1"})
        taken = time.monotonic() - started
        if done.returncode:
            sys.exit(f"{self.program} {' '.join(arguments)}:\n{done.stderr[-2000:]}")
        return taken


def add_repository(arguments, server, name):
    subprocess.run([arguments.crom, "server", "repo", "add", name, "--data", server.data, "--anonymous-read"],
                   check=True, capture_output=True)


def write_archive(path, prefix, count, sizes):
    """As `cache save` writes it; revisions are the md5 of the manifests without the time."""
    lists = {}
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        for number in range(count):
            name = f"{prefix}{number}"
            recipe = (f"from conan import ConanFile\n\n\nclass Pkg(ConanFile):\n    name = '{name}'\n    version = '1.0'\n"
                      "    settings = 'os'\n    exports_sources = 'a.c'\n").encode()
            rrev, manifest = manifested({"conanfile.py": recipe, "export_source/a.c": b"int a;\n"})
            # Half of it can be compressed, as of binaries.
            noise = random.Random(name)
            files = {f"include/h{index}.h": noise.randbytes(size // 2) + bytes(size - size // 2)
                     for index, size in enumerate(sizes)}
            prev, package_manifest = manifested({**files, "conaninfo.txt": INFO})
            package_id = hashlib.sha1(INFO).hexdigest()
            export = folder_name(f"{name}/1.0#{rrev}")
            package = folder_name(f"{name}/1.0#{rrev}:{package_id}#{prev}")
            contents = {f"{export}/e/conanfile.py": recipe, f"{export}/e/conanmanifest.txt": manifest,
                        f"{export}/es/a.c": b"int a;\n", f"{package}/p/conaninfo.txt": INFO,
                        f"{package}/p/conanmanifest.txt": package_manifest,
                        **{f"{package}/p/{file}": content for file, content in files.items()}}
            for file, content in contents.items():
                entry = tarfile.TarInfo(file)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
            packages = {package_id: {"revisions": {prev: {"timestamp": 2.0, "package_folder": f"{package}/p"}},
                                     "info": {"settings": {"os": "Linux"}}}}
            lists[f"{name}/1.0"] = {"revisions": {rrev: {"timestamp": 1.0, "recipe_folder": export, "packages": packages}}}
        text = json.dumps(lists).encode()
        entry = tarfile.TarInfo("pkglist.json")
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text))


def folder_name(reference):
    """Of a recipe or downloaded package in a cache."""
    return reference[:5] + hashlib.sha256(reference.encode()).hexdigest()[:13]


def manifested(files):
    body = "".join(f"{name}: {hashlib.md5(content).hexdigest()}\n" for name, content in sorted(files.items())).encode()
    return hashlib.md5(body).hexdigest(), b"1\n" + body


if __name__ == "__main__":
    main()
