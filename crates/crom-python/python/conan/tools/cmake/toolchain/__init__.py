"""The generator CMakeToolchain."""

CONAN_TOOLCHAIN_FILENAME = "conan_toolchain.cmake"
