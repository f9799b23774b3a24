"""bazel_layout"""
import os


def bazel_layout(conanfile, src_folder=".", build_folder=".", target_folder=None):
    """The folders of a project built with Bazel."""
    subproject = conanfile.folders.subproject
    conanfile.folders.source = src_folder if not subproject else os.path.join(subproject, src_folder)
    conanfile.folders.build = build_folder if not subproject else os.path.join(subproject,
                                                                              build_folder)
    conanfile.folders.generators = "conan" if not subproject else os.path.join(subproject, "conan")
    binaries = os.path.join(conanfile.folders.build, "bazel-bin")
    if target_folder:
        binaries = os.path.join(binaries, target_folder)
    conanfile.cpp.build.bindirs = [binaries]
    conanfile.cpp.build.libdirs = [binaries]
