workspace "Example"
    configurations { "Debug", "Release" }

project "example"
    kind "ConsoleApp"
    language "C++"
    files { "src/example.cpp" }

    filter "configurations:Debug"
        defines { "DEBUG" }
        symbols "On"

    filter "configurations:Release"
        defines { "NDEBUG" }
        optimize "On"
