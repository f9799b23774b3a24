"""The Bazel build helper"""
import os


class Bazel:
    """Runs ``bazel``."""

    def __init__(self, conanfile):
        self._conanfile = conanfile
        conf = conanfile.conf
        paths = list(conf.get("tools.google.bazel:bazelrc_path", default=[], check_type=list))
        configs = list(conf.get("tools.google.bazel:configs", default=[], check_type=list))
        generated = os.path.join(conanfile.generators_folder or "", "conan_bzl.rc")
        if os.path.exists(generated):
            paths.append(generated)
            configs.append("conan-config")
        self._startup = "".join(f" --bazelrc={path}" for path in paths)
        self._configs = "".join(f" --config={name}" for name in configs)

    def build(self, args=None, target="//...", clean=True):
        """Runs ``bazel build``."""
        if clean:
            self._conanfile.run(f"bazel{self._startup} clean")
        more = "".join(f" {arg}" for arg in args or [])
        self._conanfile.run(f"bazel{self._startup} build{self._configs}{more} {target}")

    def test(self, target=None):
        """Runs ``bazel test`` on a target."""
        if target is None or self._conanfile.conf.get("tools.build:skip_test", check_type=bool):
            return
        self._conanfile.run(f"bazel{self._startup} test{self._configs} {target}")
