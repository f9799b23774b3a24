"""Packages of the operating system."""
import _crom

CONTEXT_BUILD = "build"


class _SystemPackageManagerTool:
    """One package manager. Where another one is in charge, nothing happens."""
    mode_check = "check"
    mode_install = "install"
    mode_report = "report"
    mode_report_installed = "report-installed"
    tool_name = None

    def __init__(self, conanfile, arch_names=None):
        self._conanfile = conanfile
        self._own_arch_names = arch_names

    def _run(self, action, **data):
        data.update(tool=self.tool_name, action=action, arch_names=self._own_arch_names)
        result = _crom.call_with(self._conanfile, "system.packages", data)
        if result["install"]:
            noted = self._conanfile.system_requires.setdefault(self.tool_name, {})
            for key in ("install", "missing"):
                if result[key] is not None:
                    packages = noted.setdefault(key, [])
                    packages.extend(it for it in result[key] if it not in packages)
        return result

    def get_default_tool(self):
        """The tool of this system."""
        return _crom.call_with(self._conanfile, "system.default_tool", {})

    def get_package_name(self, package, host_package=True):
        """The name that the tool has for a package, with its architecture."""
        return _crom.call_with(self._conanfile, "system.package_name", {
            "tool": self.tool_name, "action": "check", "packages": [package],
            "host_package": bool(host_package), "arch_names": self._own_arch_names})

    @property
    def sudo_str(self):
        return _crom.call_with(self._conanfile, "system.sudo", {})

    def check(self, packages, host_package=True):
        """Those of the packages that aren't installed."""
        return self._run("check", packages=list(packages),
                         host_package=bool(host_package))["missing"]

    def check_package(self, package, host_package=True):
        """0 when the package is installed."""
        return 1 if self.check([package], host_package) else 0

    def install(self, packages, update=False, check=True, host_package=True):
        """Installs what is missing, as far as ``tools.system.package_manager:mode`` lets it."""
        return self._run("install", packages=list(packages), update=bool(update),
                         check=bool(check), host_package=bool(host_package))["code"]

    def install_substitutes(self, *packages_substitutes, update=False, check=True, **kwargs):
        """Installs the first of several sets of packages that can be had."""
        sets = [list(packages) for packages in packages_substitutes]
        return self._run("install_substitutes", substitutes=sets, update=bool(update),
                         check=bool(check), host_package=bool(kwargs.get("host_package", True)),
                         recommends=bool(kwargs.get("recommends", False)))["code"]

    def update(self):
        """Updates the list of packages."""
        return self._run("update")["code"]


class Apt(_SystemPackageManagerTool):
    tool_name = "apt-get"
    version_separator = "="

    def install(self, packages, update=False, check=True, recommends=False, host_package=True):
        """Installs what is missing; ``recommends`` takes recommended packages too."""
        return self._run("install", packages=list(packages), update=bool(update),
                         check=bool(check), recommends=bool(recommends),
                         host_package=bool(host_package))["code"]


class Yum(_SystemPackageManagerTool):
    tool_name = "yum"
    version_separator = "-"


class Dnf(Yum):
    tool_name = "dnf"


class Brew(_SystemPackageManagerTool):
    tool_name = "brew"
    version_separator = "@"


class Pkg(_SystemPackageManagerTool):
    tool_name = "pkg"
    version_separator = "-"


class PkgUtil(_SystemPackageManagerTool):
    tool_name = "pkgutil"
    version_separator = "@"


class Chocolatey(_SystemPackageManagerTool):
    tool_name = "choco"
    version_separator = " --version "


class PacMan(_SystemPackageManagerTool):
    tool_name = "pacman"
    version_separator = ""


class Apk(_SystemPackageManagerTool):
    tool_name = "apk"
    version_separator = "="


class Zypper(_SystemPackageManagerTool):
    tool_name = "zypper"
    version_separator = "="
