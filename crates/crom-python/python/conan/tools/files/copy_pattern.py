"""Copies by patterns."""
import _crom


def copy(conanfile, pattern, src, dst, keep_path=True, excludes=None, ignore_case=True,
         overwrite_equal=False):
    """Copies what matches from one folder to another; returns the copies."""
    return _crom.call("files.copy", {
        "pattern": pattern, "src": src, "dst": dst, "keep_path": bool(keep_path),
        "excludes": excludes, "ignore_case": bool(ignore_case),
        "overwrite_equal": bool(overwrite_equal)})
