"""Single files and folders, archives and downloads."""
import os
from contextlib import contextmanager

import _crom


def load(conanfile, path, encoding="utf-8"):
    """The text of a file."""
    return _crom.call("files.load", {"path": path, "encoding": encoding})


def save(conanfile, path, content, append=False, encoding="utf-8"):
    """Writes a text to a file, and makes the folders for it."""
    _crom.call("files.save", {"path": path, "content": content, "append": bool(append),
                              "encoding": encoding})


def mkdir(conanfile, path):
    """Makes a folder and those above it; fine when it's there."""
    _crom.call("files.mkdir", {"path": path})


def rmdir(conanfile, path):
    """Removes a folder with all that is in it; fine when there is none."""
    _crom.call("files.rmdir", {"path": path})


def rm(conanfile, pattern, folder, recursive=False, excludes=None):
    """Removes the files of a folder whose names match."""
    _crom.call("files.rm", {"pattern": pattern, "folder": folder, "recursive": bool(recursive),
                            "excludes": excludes})


def _credentials(url):
    # Only a download needs what plugins are made of.
    from conan.internal.plugins import source_credentials
    return source_credentials(url)


def get(conanfile, url, md5=None, sha1=None, sha256=None, destination=".", filename="",
        keep_permissions=False, pattern=None, verify=True, retry=None, retry_wait=None, auth=None,
        headers=None, strip_root=False, extract_filter=None, excludes=None):
    """Downloads an archive, checks it, unpacks it and removes it."""
    _crom.call_with(conanfile, "files.get", {
        "url": url, "md5": md5, "sha1": sha1, "sha256": sha256, "destination": destination,
        "archive_name": filename, "keep_permissions": bool(keep_permissions), "pattern": pattern,
        "verify": verify, "retry": retry, "retry_wait": retry_wait, "auth": auth,
        "headers": headers, "strip_root": bool(strip_root), "extract_filter": extract_filter,
        "excludes": excludes, "source_credentials": _credentials(url)})


def ftp_download(conanfile, host, filename, login="", password="", secure=False):
    """Downloads a file from an FTP server."""
    _crom.call("files.ftp_download", {"host": host, "filename": filename})


def download(conanfile, url, filename, verify=True, retry=None, retry_wait=None, auth=None,
             headers=None, md5=None, sha1=None, sha256=None):
    """Downloads a file from a URL, or from the first of several that has it."""
    _crom.call_with(conanfile, "files.download", {
        "url": url, "filename": filename, "verify": verify, "retry": retry,
        "retry_wait": retry_wait, "auth": auth, "headers": headers, "md5": md5, "sha1": sha1,
        "sha256": sha256, "source_credentials": _credentials(url)})


def rename(conanfile, src, dst):
    """Renames a file or folder to a name that is free."""
    _crom.call("files.rename", {"src": src, "dst": dst})


@contextmanager
def chdir(conanfile, newdir):
    """Another current folder inside of a ``with``."""
    before = os.getcwd()
    os.chdir(newdir)
    try:
        yield
    finally:
        os.chdir(before)


def chmod(conanfile, path, read=None, write=None, execute=None, recursive=False):
    """What the owner may do with a file or folder."""
    _crom.call("files.chmod", {"path": path, "read": _flag(read), "write": _flag(write),
                               "execute": _flag(execute), "recursive": bool(recursive)})


def _flag(value):
    return None if value is None else bool(value)


def unzip(conanfile, filename, destination=".", keep_permissions=False, pattern=None,
          strip_root=False, extract_filter=None, excludes=None):
    """Unpacks an archive of any kind."""
    _crom.call_with(conanfile, "files.unzip", {
        "filename": filename, "destination": destination,
        "keep_permissions": bool(keep_permissions), "pattern": pattern,
        "strip_root": bool(strip_root), "extract_filter": extract_filter, "excludes": excludes})


def check_md5(conanfile, file_path, signature):
    """Fails when the file has another MD5."""
    _crom.call("files.check_md5", {"file_path": file_path, "signature": signature})


def check_sha1(conanfile, file_path, signature):
    """Fails when the file has another SHA-1."""
    _crom.call("files.check_sha1", {"file_path": file_path, "signature": signature})


def check_sha256(conanfile, file_path, signature):
    """Fails when the file has another SHA-256."""
    _crom.call("files.check_sha256", {"file_path": file_path, "signature": signature})


def replace_in_file(conanfile, file_path, search, replace, strict=True, encoding="utf-8",
                    regex=False, flags=8):
    """Replaces all occurrences of a text, or of a regular expression; true when there were any."""
    return _crom.call_with(conanfile, "files.replace_in_file", {
        "file_path": file_path, "search": search, "replace": replace, "strict": bool(strict),
        "encoding": encoding, "regex": bool(regex), "flags": int(flags)})


def collect_libs(conanfile, folder=None):
    """Names of the libraries in a folder of the package, or in all of its ``libdirs``."""
    return _crom.call_with(conanfile, "files.collect_libs", {"folder": folder})


def move_folder_contents(conanfile, src_folder, dst_folder):
    """Moves all that is in a folder to another one, and removes the folder."""
    _crom.call("files.move_folder_contents", {"src_folder": src_folder, "dst_folder": dst_folder})


def untargz(filename, destination=".", pattern=None, strip_root=False, extract_filter=None,
            excludes=None):
    """Unpacks a tar archive, compressed or not."""
    _crom.call("files.untar", {
        "filename": filename, "destination": destination, "keep_permissions": False,
        "pattern": pattern, "strip_root": bool(strip_root), "extract_filter": extract_filter,
        "excludes": excludes})
