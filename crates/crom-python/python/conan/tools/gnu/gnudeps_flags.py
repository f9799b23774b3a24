"""GnuDepsFlags"""
import _crom


class GnuDepsFlags:
    """The flags that a ``cpp_info`` means for compilers that are called directly."""

    def __init__(self, conanfile, cpp_info):
        flags = _crom.call_with(conanfile, "gnu.deps_flags", {"cpp_info": cpp_info._crom_data()})
        for name, value in flags.items():
            setattr(self, name, value)
