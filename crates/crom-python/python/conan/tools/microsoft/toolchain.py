"""MSBuildToolchain"""
import _crom
from conan.internal.generate import check_duplicated


class MSBuildToolchain:
    """``conantoolchain.props``"""

    filename = "conantoolchain.props"

    def __init__(self, conanfile):
        self._conanfile = conanfile
        attributes = _crom.call_with(conanfile, "microsoft.new_toolchain", {})
        self._names = list(attributes)
        for name, value in attributes.items():
            setattr(self, name, value)

    def generate(self):
        """Writes the files."""
        check_duplicated(self, self._conanfile)
        from conan.tools.microsoft.visual import VCVars
        _crom.call_with(self._conanfile, "microsoft.toolchain",
                        {name: getattr(self, name) for name in self._names
                         if hasattr(self, name)})
        VCVars(self._conanfile).generate()

    @property
    def context_config_toolchain(self):
        """What the file of this configuration is made of."""
        return _crom.call_with(self._conanfile, "microsoft.toolchain_context",
                               {name: getattr(self, name) for name in self._names})
