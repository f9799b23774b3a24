"""The Meson build helper"""
import _crom


class Meson:
    """Runs ``meson`` with the files of MesonToolchain."""

    def __init__(self, conanfile):
        self._conanfile = conanfile

    def _run(self, function, **more):
        command = _crom.call_with(self._conanfile, function, more)
        if command is not None:
            self._conanfile.run(command)

    def configure(self, reconfigure=False):
        """Runs ``meson setup``, which configures a configured folder again."""
        self._run("meson.configure")

    def build(self, target=None):
        """Runs ``meson compile``."""
        self._run("meson.build", target=target)

    def install(self, cli_args=None):
        """Runs ``meson install`` into the package folder, and makes it relocatable on macOS."""
        from conan.tools.apple import fix_apple_shared_install_name
        self._run("meson.install", cli_args=cli_args)
        fix_apple_shared_install_name(self._conanfile)

    def test(self):
        """Runs ``meson test`` unless ``tools.build:skip_test`` says no."""
        self._run("meson.test")
