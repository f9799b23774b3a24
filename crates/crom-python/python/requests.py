"""Conan brings ``requests`` along, Crom doesn't. ``conan.tools.files.download`` is there instead."""


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    from conan.errors import CromUnsupported
    raise CromUnsupported(f"requests.{name} is not supported by Crom yet")
