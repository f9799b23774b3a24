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
    BuiltinTemplate {
        name: "msbuild_lib",
        files: &[
            ("conanfile.py", file!("msbuild_lib/conanfile.py")),
            ("{{ name }}.sln", file!("msbuild_lib/project.sln")),
            ("{{ name }}.vcxproj", file!("msbuild_lib/project.vcxproj")),
            ("src/{{ name }}.cpp", file!("cmake_lib/src/source.cpp")),
            ("include/{{ name }}.h", file!("cmake_lib/include/header.h")),
            (
                "test_package/conanfile.py",
                file!("msbuild_lib/test_package/conanfile.py"),
            ),
            (
                "test_package/test_{{ name }}.sln",
                file!("msbuild_lib/test_package/project.sln"),
            ),
            (
                "test_package/test_{{ name }}.vcxproj",
                file!("msbuild_lib/test_package/project.vcxproj"),
            ),
            (
                "test_package/src/test_{{ name }}.cpp",
                file!("cmake_lib/test_package/src/example.cpp"),
            ),
        ],
    },
    BuiltinTemplate {
        name: "msbuild_exe",
        files: &[
            ("conanfile.py", file!("msbuild_exe/conanfile.py")),
            ("{{ name }}.sln", file!("msbuild_lib/project.sln")),
            ("{{ name }}.vcxproj", file!("msbuild_exe/project.vcxproj")),
            ("src/{{ name }}.cpp", file!("msbuild_exe/src/source.cpp")),
            (
                "test_package/conanfile.py",
                file!("cmake_exe/test_package/conanfile.py"),
            ),
        ],
    },
    BuiltinTemplate {
        name: "bazel_lib",
        files: &[
            ("conanfile.py", file!("bazel_lib/conanfile.py")),
            ("WORKSPACE", file!("bazel_lib/WORKSPACE")),
            (".bazelrc", file!("bazel_lib/bazelrc")),
            ("main/BUILD", file!("bazel_lib/main/BUILD")),
            ("main/{{ name }}.cpp", file!("cmake_lib/src/source.cpp")),
            ("main/{{ name }}.h", file!("cmake_lib/include/header.h")),
            (
                "test_package/conanfile.py",
                file!("bazel_lib/test_package/conanfile.py"),
            ),
            (
                "test_package/WORKSPACE",
                file!("bazel_lib/test_package/WORKSPACE"),
            ),
            ("test_package/.bazelrc", file!("bazel_lib/bazelrc")),
            (
                "test_package/main/BUILD",
                file!("bazel_lib/test_package/BUILD"),
            ),
            (
                "test_package/main/example.cpp",
                file!("cmake_lib/test_package/src/example.cpp"),
            ),
        ],
    },
    BuiltinTemplate {
        name: "bazel_exe",
        files: &[
            ("conanfile.py", file!("bazel_exe/conanfile.py")),
            ("WORKSPACE", file!("bazel_exe/WORKSPACE")),
            (".bazelrc", file!("bazel_lib/bazelrc")),
            ("main/BUILD", file!("bazel_exe/main/BUILD")),
            ("main/main.cpp", file!("cmake_exe/src/main.cpp")),
            ("main/{{ name }}.cpp", file!("cmake_exe/src/source.cpp")),
            ("main/{{ name }}.h", file!("cmake_exe/src/header.h")),
            (
                "test_package/conanfile.py",
                file!("cmake_exe/test_package/conanfile.py"),
            ),
        ],
    },
    BuiltinTemplate {
        name: "bazel_7_lib",
        files: &[
            ("conanfile.py", file!("bazel_7_lib/conanfile.py")),
            ("MODULE.bazel", file!("bazel_7_lib/MODULE.bazel")),
            (".bazelrc", file!("bazel_lib/bazelrc")),
            ("main/BUILD", file!("bazel_7_lib/main/BUILD")),
            ("main/{{ name }}.cpp", file!("cmake_lib/src/source.cpp")),
            ("main/{{ name }}.h", file!("cmake_lib/include/header.h")),
            (
                "test_package/conanfile.py",
                file!("bazel_lib/test_package/conanfile.py"),
            ),
            (
                "test_package/MODULE.bazel",
                file!("bazel_7_lib/test_package/MODULE.bazel"),
            ),
            ("test_package/.bazelrc", file!("bazel_lib/bazelrc")),
            (
                "test_package/main/BUILD",
                file!("bazel_7_lib/test_package/BUILD"),
            ),
            (
                "test_package/main/example.cpp",
                file!("cmake_lib/test_package/src/example.cpp"),
            ),
        ],
    },
    BuiltinTemplate {
        name: "bazel_7_exe",
        files: &[
            ("conanfile.py", file!("bazel_7_exe/conanfile.py")),
            ("MODULE.bazel", file!("bazel_7_exe/MODULE.bazel")),
            (".bazelrc", file!("bazel_lib/bazelrc")),
            ("main/BUILD", file!("bazel_7_exe/main/BUILD")),
            ("main/main.cpp", file!("cmake_exe/src/main.cpp")),
            ("main/{{ name }}.cpp", file!("cmake_exe/src/source.cpp")),
            ("main/{{ name }}.h", file!("cmake_exe/src/header.h")),
            (
                "test_package/conanfile.py",
                file!("cmake_exe/test_package/conanfile.py"),
            ),
        ],
    },
    BuiltinTemplate {
        name: "premake_lib",
        files: &[
            ("conanfile.py", file!("premake_lib/conanfile.py")),
            ("premake5.lua", file!("premake_lib/premake5.lua")),
            ("src/{{ name }}.cpp", file!("cmake_lib/src/source.cpp")),
            ("include/{{ name }}.h", file!("cmake_lib/include/header.h")),
            (
                "test_package/conanfile.py",
                file!("premake_lib/test_package/conanfile.py"),
            ),
            (
                "test_package/premake5.lua",
                file!("premake_lib/test_package/premake5.lua"),
            ),
            (
                "test_package/src/example.cpp",
                file!("cmake_lib/test_package/src/example.cpp"),
            ),
        ],
    },
    BuiltinTemplate {
        name: "premake_exe",
        files: &[
            ("conanfile.py", file!("premake_exe/conanfile.py")),
            ("premake5.lua", file!("premake_exe/premake5.lua")),
            ("src/main.cpp", file!("cmake_exe/src/main.cpp")),
            ("src/{{ name }}.cpp", file!("cmake_exe/src/source.cpp")),
            ("src/{{ name }}.h", file!("cmake_exe/src/header.h")),
            (
                "test_package/conanfile.py",
                file!("cmake_exe/test_package/conanfile.py"),
            ),
        ],
    },
    BuiltinTemplate {
        name: "qbs_lib",
        files: &[
            ("conanfile.py", file!("qbs_lib/conanfile.py")),
            ("{{ name }}.qbs", file!("qbs_lib/project.qbs")),
            ("{{ name }}.cpp", file!("cmake_lib/src/source.cpp")),
            ("{{ name }}.h", file!("cmake_lib/include/header.h")),
            (
                "test_package/conanfile.py",
                file!("qbs_lib/test_package/conanfile.py"),
            ),
            (
                "test_package/example.qbs",
                file!("qbs_lib/test_package/example.qbs"),
            ),
            (
                "test_package/example.cpp",
                file!("cmake_lib/test_package/src/example.cpp"),
            ),
        ],
    },
    BuiltinTemplate {
        name: "alias",
        files: &[("conanfile.py", file!("alias/conanfile.py"))],
    },
    BuiltinTemplate {
        name: "workspace",
        files: &[
            ("conanws.yml", file!("workspace/conanws.yml")),
            ("conanws.py", file!("workspace/conanws.py")),
            ("CMakeLists.txt", file!("workspace/CMakeLists.txt")),
            (".gitignore", file!("workspace/gitignore")),
        ],
    },
];

/// The packages of the template `workspace`: folder, template, what it requires.
pub const WORKSPACE: &[(&str, &str, Option<&str>)] = &[
    ("liba", "cmake_lib", None),
    ("libb", "cmake_lib", Some("liba/0.1")),
    ("app1", "cmake_exe", Some("libb/0.1")),
];
