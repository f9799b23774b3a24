"""Kinds of CMake's generators."""

import _crom


def is_multi_configuration(generator):
    """True for generators whose build tree serves several configurations."""
    if not generator:
        return False
    return _crom.call("cmake.is_multi_configuration", {"generator": generator})
