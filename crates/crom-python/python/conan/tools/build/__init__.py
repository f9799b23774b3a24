"""Facts about compilers and machines."""
from conan.errors import ConanException
from conan.tools.build.args import (CONAN_TOOLCHAIN_ARGS_FILE, CONAN_TOOLCHAIN_ARGS_SECTION,
                                    cmd_args_to_string, load_toolchain_args, save_toolchain_args,
                                    use_win_mingw)
from conan.tools.build.compiler import check_min_compiler_version
from conan.tools.build.cppstd import (check_max_cppstd, check_min_cppstd, default_cppstd,
                                      supported_cppstd, valid_max_cppstd, valid_min_cppstd)
from conan.tools.build.cpu import build_jobs
from conan.tools.build.cross_building import can_run, cross_building
from conan.tools.build.cstd import (check_max_cstd, check_min_cstd, default_cstd, supported_cstd,
                                    valid_max_cstd, valid_min_cstd)
from conan.tools.build.flags import architecture_bits, cppstd_flag
from conan.tools.build.stdcpp_library import stdcpp_library

__all__ = ["CONAN_TOOLCHAIN_ARGS_FILE", "CONAN_TOOLCHAIN_ARGS_SECTION", "ConanException",
           "architecture_bits", "build_jobs", "can_run", "check_max_cppstd", "check_max_cstd",
           "check_min_compiler_version", "check_min_cppstd", "check_min_cstd",
           "cmd_args_to_string", "cppstd_flag", "cross_building", "default_cppstd",
           "default_cstd", "load_toolchain_args", "save_toolchain_args", "stdcpp_library",
           "supported_cppstd", "supported_cstd", "use_win_mingw", "valid_max_cppstd",
           "valid_max_cstd", "valid_min_cppstd", "valid_min_cstd"]
