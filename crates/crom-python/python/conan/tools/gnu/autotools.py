"""The Autotools build helper"""
import _crom
from conan.tools.build import load_toolchain_args
from conan.tools.files import chdir


class Autotools:
    """Runs ``configure``, ``make`` and ``autoreconf`` with the arguments of AutotoolsToolchain."""

    def __init__(self, conanfile, namespace=None):
        self._conanfile = conanfile
        content = load_toolchain_args(conanfile.generators_folder, namespace=namespace)
        self._configure_args = content.get("configure_args")
        self._make_args = content.get("make_args")
        self._autoreconf_args = content.get("autoreconf_args")

    def _call(self, function, **more):
        args = {"configure_args": self._configure_args, "make_args": self._make_args,
                "autoreconf_args": self._autoreconf_args}
        args = {name: value for name, value in args.items() if value is not None}
        return _crom.call_with(self._conanfile, function, {"args": args, **more})

    def configure(self, build_script_folder=None, args=None):
        """Runs the ``configure`` script in the build folder."""
        self._conanfile.run(self._call("gnu.configure", build_script_folder=build_script_folder,
                                       extra=args))

    def make(self, target=None, args=None, makefile=None):
        """Runs ``make``."""
        self._conanfile.run(self._call("gnu.make", target=target, extra=args, makefile=makefile))

    def install(self, args=None, target=None, makefile=None):
        """Runs ``make install`` into the package folder."""
        self._conanfile.run(self._call("gnu.install", target=target, extra=args,
                                       makefile=makefile))

    def autoreconf(self, build_script_folder=None, args=None):
        """Runs ``autoreconf`` in the folder of the ``configure`` script."""
        call = self._call("gnu.autoreconf", build_script_folder=build_script_folder, extra=args)
        with chdir(self, call["folder"]):
            self._conanfile.run(call["command"])


def join_arguments(args):
    """What isn't empty, with blanks between."""
    return " ".join(it for it in args if it)
