//! The built-in templates. The files are in `templates/new`.

/// A template that is part of the program.
pub struct BuiltinTemplate {
    /// As in `new NAME`.
    pub name: &'static str,
    /// (path, content), both Jinja.
    pub files: &'static [(&'static str, &'static str)],
}

macro_rules! file {
    ($path:literal) => {
        include_str!(concat!("../../templates/new/", $path))
    };
}

/// All of them. Templates share files where the content is the same.
pub const TEMPLATES: &[BuiltinTemplate] = &[
    BuiltinTemplate {
        name: "basic",
        files: &[("conanfile.py", file!("basic/conanfile.py"))],
    },
    BuiltinTemplate {
        name: "cmake_lib",
        files: &[
            ("conanfile.py", file!("cmake_lib/conanfile.py")),
            ("CMakeLists.txt", file!("cmake_lib/CMakeLists.txt")),
            ("src/{{ name }}.cpp", file!("cmake_lib/src/source.cpp")),
            ("include/{{ name }}.h", file!("cmake_lib/include/header.h")),
            (
                "test_package/conanfile.py",
                file!("cmake_lib/test_package/conanfile.py"),
            ),
            (
                "test_package/CMakeLists.txt",
                file!("cmake_lib/test_package/CMakeLists.txt"),
            ),
            (
                "test_package/src/example.cpp",
                file!("cmake_lib/test_package/src/example.cpp"),
            ),
        ],
    },
    BuiltinTemplate {
        name: "cmake_exe",
        files: &[
            ("conanfile.py", file!("cmake_exe/conanfile.py")),
            ("CMakeLists.txt", file!("cmake_exe/CMakeLists.txt")),
            ("src/{{ name }}.cpp", file!("cmake_exe/src/source.cpp")),
            ("src/{{ name }}.h", file!("cmake_exe/src/header.h")),
            ("src/main.cpp", file!("cmake_exe/src/main.cpp")),
            (
                "test_package/conanfile.py",
                file!("cmake_exe/test_package/conanfile.py"),
            ),
        ],
    },
    BuiltinTemplate {
        name: "header_lib",
        files: &[
            ("conanfile.py", file!("header_lib/conanfile.py")),
            ("include/{{ name }}.h", file!("header_lib/include/header.h")),
            (
                "test_package/conanfile.py",
                file!("cmake_lib/test_package/conanfile.py"),
            ),
            (
                "test_package/CMakeLists.txt",
                file!("cmake_lib/test_package/CMakeLists.txt"),
            ),
            (
                "test_package/src/example.cpp",
                file!("cmake_lib/test_package/src/example.cpp"),
            ),
        ],
    },
    BuiltinTemplate {
        name: "meson_lib",
        files: &[
            ("conanfile.py", file!("meson_lib/conanfile.py")),
            ("meson.build", file!("meson_lib/meson.build")),
            ("src/{{ name }}.cpp", file!("cmake_lib/src/source.cpp")),
            ("src/{{ name }}.h", file!("cmake_lib/include/header.h")),
            (
                "test_package/conanfile.py",
                file!("meson_lib/test_package/conanfile.py"),
            ),
            (
                "test_package/meson.build",
                file!("meson_lib/test_package/meson.build"),
            ),
            (
                "test_package/src/example.cpp",
                file!("cmake_lib/test_package/src/example.cpp"),
            ),
        ],
    },
    BuiltinTemplate {
        name: "meson_exe",
        files: &[
            ("conanfile.py", file!("meson_exe/conanfile.py")),
            ("meson.build", file!("meson_exe/meson.build")),
            ("src/{{ name }}.cpp", file!("cmake_exe/src/source.cpp")),
            ("src/{{ name }}.h", file!("cmake_exe/src/header.h")),
            ("src/main.cpp", file!("cmake_exe/src/main.cpp")),
            (
                "test_package/conanfile.py",
                file!("cmake_exe/test_package/conanfile.py"),
            ),
        ],
    },
    BuiltinTemplate {
        name: "autotools_lib",
        files: &[
            ("conanfile.py", file!("autotools_lib/conanfile.py")),
            ("configure.ac", file!("autotools_lib/configure.ac")),
            ("Makefile.am", file!("autotools_lib/Makefile.am")),
            ("src/Makefile.am", file!("autotools_lib/src_Makefile.am")),
            ("src/{{ name }}.cpp", file!("cmake_lib/src/source.cpp")),
            ("src/{{ name }}.h", file!("cmake_lib/include/header.h")),
            (
                "test_package/conanfile.py",
                file!("autotools_lib/test_package/conanfile.py"),
            ),
            (
                "test_package/configure.ac",
                file!("autotools_lib/test_package/configure.ac"),
            ),
            (
                "test_package/Makefile.am",
                file!("autotools_lib/test_package/Makefile.am"),
            ),
            (
                "test_package/main.cpp",
                file!("cmake_lib/test_package/src/example.cpp"),
            ),
        ],
    },
    BuiltinTemplate {
        name: "autotools_exe",
        files: &[
            ("conanfile.py", file!("autotools_exe/conanfile.py")),
            ("configure.ac", file!("autotools_exe/configure.ac")),
            ("Makefile.am", file!("autotools_exe/Makefile.am")),
            ("src/Makefile.am", file!("autotools_exe/src_Makefile.am")),
            ("src/{{ name }}.cpp", file!("cmake_exe/src/source.cpp")),
            ("src/{{ name }}.h", file!("cmake_exe/src/header.h")),
            ("src/main.cpp", file!("cmake_exe/src/main.cpp")),
            (
                "test_package/conanfile.py",
                file!("cmake_exe/test_package/conanfile.py"),
            ),
        ],
    },
    BuiltinTemplate {
        name: "local_recipes_index",
        files: &[
            (
                "recipes/{{ name }}/config.yml",
                file!("local_recipes_index/config.yml"),
            ),
            (
                "recipes/{{ name }}/all/conandata.yml",
                file!("local_recipes_index/conandata.yml"),
            ),
            (
                "recipes/{{ name }}/all/conanfile.py",
                file!("local_recipes_index/conanfile.py"),
            ),
            (
                "recipes/{{ name }}/all/test_package/conanfile.py",
                file!("cmake_lib/test_package/conanfile.py"),
            ),
            (
                "recipes/{{ name }}/all/test_package/CMakeLists.txt",
                file!("cmake_lib/test_package/CMakeLists.txt"),
            ),
            (
                "recipes/{{ name }}/all/test_package/src/example.cpp",
                file!("cmake_lib/test_package/src/example.cpp"),
            ),
        ],
    },
];
