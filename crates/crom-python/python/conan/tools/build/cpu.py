"""Processors"""
import _crom


def build_jobs(conanfile):
    """How many processes a build may run: ``tools.build:jobs``, or one per processor."""
    return _crom.call_with(conanfile, "build.jobs", {})
