"""GnuToolchain"""
import _crom
from conan.internal.generate import check_duplicated
from _crom import Environment
from conan.tools.build import cmd_args_to_string, save_toolchain_args
from conan.tools.env.environment import from_data, save_script
from conan.tools.gnu.flagbag import FlagBag
from conan.tools.gnu.reporting import report


class GnuToolchain(FlagBag):
    """Like AutotoolsToolchain, with arguments as dictionaries."""

    script_name = "conangnutoolchain"

    def __init__(self, conanfile, namespace=None, prefix="/"):
        self._namespace = namespace
        self._prefix = prefix
        self.extra_env = Environment()
        toolchain = self._start(conanfile, "gnu", prefix)
        for name in ("configure_args", "autoreconf_args", "make_args"):
            setattr(self, name, dict(toolchain[name]))
        self.triplets_info = {"host": toolchain["host"] or {"triplet": None},
                              "build": toolchain["build"] or {"triplet": None}}

    def yes_no(self, option_name, default=None, negated=False):
        """``yes`` or ``no`` for an option, for ``--with-x=yes``."""
        value = bool(self._conanfile.options.get_safe(option_name, default=default))
        return "yes" if value != negated else "no"

    def _environment(self):
        result = _crom.call_with(self._conanfile, "gnu.environment",
                                 {"flags": self._bag(), "kind": self._kind,
                                  "extra_env": self.extra_env})
        report(self._conanfile, result["messages"])
        return from_data(result["environment"])

    def generate(self):
        """Writes the scripts and ``conanbuild.conf``."""
        check_duplicated(self, self._conanfile)
        from conan.tools.microsoft import VCVars
        save_script(self._conanfile, self._environment(), "build", self.script_name)
        args = {name: cmd_args_to_string([arg if value is None else f"{arg}={value}"
                                          for arg, value in getattr(self, name).items()])
                for name in ("configure_args", "make_args", "autoreconf_args")}
        save_toolchain_args(args, generators_folder=self._conanfile.generators_folder,
                            namespace=self._namespace)
        VCVars(self._conanfile).generate(scope="build")
