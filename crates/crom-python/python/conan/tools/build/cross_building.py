"""Machines that build and machines that run"""
import _crom


def cross_building(conanfile=None, skip_x64_x86=False):
    """Is the package for another machine than the one that builds?"""
    return _crom.call_with(conanfile, "build.cross_building", {"skip_x64_x86": bool(skip_x64_x86)})


def can_run(conanfile):
    """Can the machine that builds run what it builds?"""
    return _crom.call_with(conanfile, "build.can_run", {})
