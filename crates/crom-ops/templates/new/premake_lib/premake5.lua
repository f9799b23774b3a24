workspace "{{ name | capitalize }}"
    configurations { "Debug", "Release" }
    fatalwarnings { "All" }
    floatingpoint "Fast"
    includedirs { ".", "src", "include" }

-- Whether it is a static or a shared library is up to the recipe's toolchain: no `kind` here.
project "{{ name }}"
    language "C++"
    cppdialect "C++17"
    files { "include/*.hpp", "include/*.h", "src/*.cpp" }

    filter "configurations:Debug"
        defines { "DEBUG" }
        symbols "On"

    filter "configurations:Release"
        defines { "NDEBUG" }
        optimize "On"
