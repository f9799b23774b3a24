#!/usr/bin/env python3
"""How fast the package server is, beside nginx and the reference's server.

    bench/server.py --crom target/release/crom [--conan-server conan_server] [--nginx nginx] [--wrk wrk]

* metadata: requests per second of `latest`, `revisions`, `files` and `search`, of both servers with the
  same 300 recipes, by `wrk` over loopback.
* downloads: bytes per second of one file of 512 MiB, and requests per second of files of 64 KiB, of our
  server and of nginx (with sendfile) from the same disk.
* uploads: 500 small revisions by 8 connections to our server.

Each figure is the best of three. Needs Python 3.9, nothing else beside the programs.
"""

import argparse
import base64
import concurrent.futures
import hashlib
import http.client
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

RECIPES = 300


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crom", required=True, help="the executable, built with --release")
    parser.add_argument("--conan-server", default=shutil.which("conan_server"))
    parser.add_argument("--nginx", default=shutil.which("nginx") or "/usr/sbin/nginx")
    parser.add_argument("--wrk", default=shutil.which("wrk"))
    parser.add_argument("--seconds", type=int, default=4, help="of each measurement")
    arguments = parser.parse_args()
    if not arguments.wrk:
        sys.exit("wrk is needed")
    with tempfile.TemporaryDirectory(prefix="crom-bench-") as folder:
        run(arguments, pathlib.Path(folder))


def run(arguments, folder):
    ours = Ours(arguments.crom, folder / "crom")
    others = []
    try:
        print(f"upload, 500 revisions of 3 files, 8 connections: {upload_many(ours):.2f} s")
        for number in range(RECIPES):
            ours.upload(recipe(number))
        reference = None
        if arguments.conan_server and os.path.exists(arguments.conan_server):
            reference = ConanServer(arguments.conan_server, folder / "reference")
            others.append(reference)
            for number in range(RECIPES):
                reference.upload(recipe(number))
        metadata(arguments, ours, reference)
        downloads(arguments, ours, folder, others)
    finally:
        for server in [ours, *others]:
            server.stop()


def metadata(arguments, ours, reference):
    one = recipe(7)
    line = f"v2/conans/{one['name']}/1.0/_/_"
    for name, path in [
        ("latest", f"{line}/latest"),
        ("revisions", f"{line}/revisions"),
        ("files", f"{line}/revisions/{one['rrev']}/files"),
        ("search", f"v2/conans/search?q={one['name']}/*"),
    ]:
        rate = wrk(arguments, f"{ours.url}/{path}")[0]
        text = f"{name:10} {rate:9.0f} requests/s"
        if reference:
            other = wrk(arguments, f"{reference.url}/{path}", connections=4)[0]
            text += f", conan_server {other:7.0f}: {rate / other:.0f} times"
        print(text)


def downloads(arguments, ours, folder, others):
    web = folder / "web"
    web.mkdir()
    key = f"v2/conans/{recipe(0)['name']}/1.0/_/_/revisions/{recipe(0)['rrev']}/files/metadata"
    block = os.urandom(1 << 20)
    for name, size in [("big", 512 << 20), ("small", 64 << 10)]:
        with open(web / name, "wb") as file:
            for _ in range(max(1, size >> 20)):
                file.write(block[: min(size, 1 << 20)])
        with open(web / name, "rb") as file:
            ours.put(f"{key}/{name}", file, size)
    nginx = None
    if os.path.exists(arguments.nginx):
        nginx = Nginx(arguments.nginx, folder / "nginx", web)
        others.append(nginx)
    for name, connections in [("big", 2), ("small", 8)]:
        rate, bytes_rate = wrk(arguments, f"{ours.url}/{key}/{name}", connections)
        text = f"download {name:5} {bytes_rate / 1e6:7.0f} MB/s, {rate:.0f} requests/s"
        if nginx:
            other, other_bytes = wrk(arguments, f"{nginx.url}/{name}", connections)
            text += f"; nginx {other_bytes / 1e6:7.0f} MB/s, {other:.0f} requests/s: {bytes_rate / other_bytes:.0%}"
        print(text)


def wrk(arguments, url, connections=16):
    """Requests and bytes per second, the best of three."""
    best = (0.0, 0.0)
    for _ in range(3):
        output = subprocess.run(
            [arguments.wrk, "-t1", f"-c{connections}", f"-d{arguments.seconds}s", "--timeout", "30s", url],
            capture_output=True, text=True, check=True).stdout
        if "Non-2xx" in output:
            sys.exit(f"{url}: {output}")
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))
        number, unit = re.search(r"Transfer/sec:\s+([\d.]+)(\w+)", output).groups()
        scale = {"B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}[unit]
        best = max(best, (rate, float(number) * scale))
    return best


def recipe(number):
    """A recipe revision of three files; its revision is the md5 of the manifest without the time."""
    content = f"# recipe {number}\n".encode()
    source = f"source {number}".encode()
    lines = [f"conanfile.py: {hashlib.md5(content).hexdigest()}",
             f"export_source/a.c: {hashlib.md5(source).hexdigest()}"]
    body = "".join(line + "\n" for line in lines).encode()
    return {"name": f"pkg{number}", "rrev": hashlib.md5(body).hexdigest(),
            "files": [("conan_sources.tgz", source * 50), ("conanfile.py", content),
                      ("conanmanifest.txt", b"1\n" + body)]}


def upload_many(server):
    started = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(server.upload, (recipe(number) for number in range(1000, 1500))))
    return time.monotonic() - started


class Http:
    """A server with a token."""

    def request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request(method, f"{self.base}/{path}", body, headers or {})
        response = connection.getresponse()
        data = response.read()
        if response.status not in (200, 201):
            sys.exit(f"{method} {path}: {response.status} {data[:200]}")
        return data

    def log_in(self, user, password):
        text = base64.b64encode(f"{user}:{password}".encode()).decode()
        self.token = self.request("GET", "v2/users/authenticate", headers={"Authorization": f"Basic {text}"}).decode()

    def put(self, path, body, size):
        self.request("PUT", path, body, {"Authorization": f"Bearer {self.token}", "Content-Length": str(size)})

    def upload(self, revision):
        base = f"v2/conans/{revision['name']}/1.0/_/_/revisions/{revision['rrev']}/files"
        for name, content in revision["files"]:
            self.put(f"{base}/{name}", content, len(content))

    def wait(self):
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        sys.exit("a server doesn't start")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class Ours(Http):
    def __init__(self, program, folder):
        self.port, self.base = free_port(), "/main"
        self.url = f"http://127.0.0.1:{self.port}/main"
        self.data = str(folder)
        folder.mkdir()
        log = open(folder / "log", "w+")
        self.process = subprocess.Popen(
            [program, "server", "start", "--data", folder, "--listen", f"127.0.0.1:{self.port}"], stderr=log)
        self.wait()
        log.seek(0)
        self.password = re.search(r"password '(\w+)'", log.read()).group(1)
        self.log_in("admin", self.password)


class ConanServer(Http):
    def __init__(self, program, folder):
        self.port, self.base = free_port(), ""
        self.url = f"http://127.0.0.1:{self.port}"
        (folder / ".conan_server").mkdir(parents=True)
        (folder / ".conan_server/server.conf").write_text(
            f"[server]\njwt_secret: {'x' * 32}\njwt_expire_minutes: 120\nssl_enabled: False\nport: {self.port}\n"
            "public_port:\nhost_name: localhost\nauthorize_timeout: 1800\ndisk_storage_path: ./data\n"
            f"disk_authorize_timeout: 1800\nupdown_secret: {'y' * 32}\n"
            "[write_permissions]\n*/*@*/*: demo\n[read_permissions]\n*/*@*/*: *\n[users]\ndemo: demo\n")
        self.process = subprocess.Popen([program], env={**os.environ, "HOME": str(folder)},
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait()
        self.log_in("demo", "demo")


class Nginx(Http):
    def __init__(self, program, folder, web):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        folder.mkdir()
        folder.chmod(0o755)
        for parent in [web, web.parent]:
            parent.chmod(0o755)
        (folder / "nginx.conf").write_text(
            f"daemon off; worker_processes auto; pid {folder}/pid; error_log {folder}/error;\n"
            "events { worker_connections 1024; }\n"
            f"http {{ access_log off; sendfile on; tcp_nopush on; client_body_temp_path {folder}/body;\n"
            f"proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fast; uwsgi_temp_path {folder}/uwsgi;\n"
            f"scgi_temp_path {folder}/scgi; server {{ listen 127.0.0.1:{self.port}; root {web}; }} }}\n")
        self.process = subprocess.Popen([program, "-c", folder / "nginx.conf", "-e", folder / "error"])
        self.wait()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


if __name__ == "__main__":
    main()
