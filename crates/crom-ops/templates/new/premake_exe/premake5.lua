workspace "{{ name | capitalize }}"
    configurations { "Debug", "Release" }

project "{{ name }}"
    kind "ConsoleApp"
    language "C++"
    files { "src/main.cpp", "src/{{ name }}.cpp", "src/{{ name }}.h" }

    filter "configurations:Debug"
        defines { "DEBUG" }
        symbols "On"

    filter "configurations:Release"
        defines { "NDEBUG" }
        optimize "On"
