"""Crom has no ``ctypes``. Recipes for Windows import it for one function; the import may pass."""


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    from conan.errors import CromUnsupported
    raise CromUnsupported(f"ctypes.{name} is not supported by Crom yet")
