"""AutotoolsToolchain"""
import _crom
from conan.internal.generate import check_duplicated
from conan.tools.build import save_toolchain_args
from conan.tools.env.environment import from_data, save_script
from conan.tools.gnu.flagbag import FlagBag
from conan.tools.gnu.reporting import report


class AutotoolsToolchain(FlagBag):
    """Flags for the environment of ``configure`` and ``make``, and their arguments."""

    script_name = "conanautotoolstoolchain"

    def __init__(self, conanfile, namespace=None, prefix="/"):
        self._namespace = namespace
        self._prefix = prefix
        toolchain = self._start(conanfile, "autotools", prefix)
        for name in ("configure_args", "autoreconf_args", "make_args"):
            setattr(self, name, [arg if value is None else f"{arg}={value}"
                                 for arg, value in toolchain[name]])

    def environment(self):
        """The variables. To change them: ``generate(env)``."""
        result = _crom.call_with(self._conanfile, "gnu.environment",
                                 {"flags": self._bag(), "kind": self._kind})
        report(self._conanfile, result["messages"])
        return from_data(result["environment"])

    def vars(self):
        """The variables with their values."""
        return self.environment().vars(self._conanfile, scope="build")

    def generate(self, env=None, scope="build"):
        """Writes the scripts and ``conanbuild.conf``."""
        check_duplicated(self, self._conanfile)
        from conan.tools.microsoft import VCVars
        save_script(self._conanfile, env or self.environment(), scope, self.script_name)
        self.generate_args()
        VCVars(self._conanfile).generate(scope=scope)

    def generate_args(self):
        """Writes ``conanbuild.conf`` for the Autotools build helper."""
        from conan.tools.build import cmd_args_to_string
        save_toolchain_args({"configure_args": cmd_args_to_string(self.configure_args),
                             "make_args": cmd_args_to_string(self.make_args),
                             "autoreconf_args": cmd_args_to_string(self.autoreconf_args)},
                            generators_folder=self._conanfile.generators_folder,
                            namespace=self._namespace)

    def _update(self, name, updated_flags):
        args = _crom.call("gnu.update_args", {"args": getattr(self, name),
                                              "updates": list(updated_flags.items())})
        setattr(self, name, args)

    def update_configure_args(self, updated_flags):
        """Replaces, adds or (``None``) removes arguments of ``configure``."""
        self._update("configure_args", updated_flags)

    def update_make_args(self, updated_flags):
        """Replaces, adds or (``None``) removes arguments of ``make``."""
        self._update("make_args", updated_flags)

    def update_autoreconf_args(self, updated_flags):
        """Replaces, adds or (``None``) removes arguments of ``autoreconf``."""
        self._update("autoreconf_args", updated_flags)
