"""CycloneDX"""
import _crom


def cyclonedx_1_4(conanfile, name=None, add_build=False, add_tests=False, extra_info=None, **kwargs):
    """A bill of materials of the graph, in version 1.4 of the format, as a dictionary."""
    return _bill(conanfile, "1.4", name, add_build, add_tests)


def cyclonedx_1_6(conanfile, name=None, add_build=False, add_tests=False, extra_info=None, **kwargs):
    """A bill of materials of the graph, in version 1.6 of the format, as a dictionary."""
    return _bill(conanfile, "1.6", name, add_build, add_tests)


def _bill(conanfile, version, name, add_build, add_tests):
    from datetime import datetime, timezone
    from uuid import uuid4
    from conan import __version__
    return _crom.call_with(conanfile, "sbom.cyclonedx", {
        "format": version, "name": name, "add_build": bool(add_build),
        "add_tests": bool(add_tests), "ids": [str(uuid4()), str(uuid4())],
        "timestamp": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "conan_version": __version__})


def should_add_node(node, add_build, add_tests):
    """Is a node of the graph part of the bill?"""
    return (add_build or node.context != "build") and (add_tests or not node.test)
