# Macros for the files of CMakeDeps

macro(conan_find_apple_frameworks FRAMEWORKS_FOUND FRAMEWORKS FRAMEWORKS_DIRS)
    if(APPLE)
        foreach(_FRAMEWORK ${FRAMEWORKS})
            find_library(CONAN_FRAMEWORK_${_FRAMEWORK}_FOUND NAMES ${_FRAMEWORK} PATHS ${FRAMEWORKS_DIRS} CMAKE_FIND_ROOT_PATH_BOTH)
            if(NOT CONAN_FRAMEWORK_${_FRAMEWORK}_FOUND)
                message(FATAL_ERROR "Framework library ${_FRAMEWORK} not found in paths: ${FRAMEWORKS_DIRS}")
            endif()
            list(APPEND ${FRAMEWORKS_FOUND} ${CONAN_FRAMEWORK_${_FRAMEWORK}_FOUND})
            message(VERBOSE "Framework found! ${FRAMEWORKS_FOUND}")
        endforeach()
    endif()
endmacro()

# Makes an imported target per library that links 'deps_target', and returns their names in
# 'out_libraries_target'.
function(conan_package_library_targets libraries package_libdir package_bindir library_type
         is_host_windows deps_target out_libraries_target config_suffix package_name no_soname_mode)
    set(_targets "")

    # CMake >= 3.29 finds 'libx.a' for MSVC by itself. These are local to the function.
    set(_suffixes "${CMAKE_FIND_LIBRARY_SUFFIXES}")
    if(CMAKE_SYSTEM_NAME MATCHES "Windows" AND NOT DEFINED MINGW AND CMAKE_VERSION VERSION_LESS "3.29")
        set(CMAKE_FIND_LIBRARY_PREFIXES "" "lib")
        set(CMAKE_FIND_LIBRARY_SUFFIXES ".dll.lib" ".lib" ".a")
    endif()
    set(_import_suffixes "${CMAKE_FIND_LIBRARY_SUFFIXES}")

    foreach(_library ${libraries})
        set(CMAKE_FIND_LIBRARY_SUFFIXES "${_import_suffixes}")
        find_library(CONAN_FOUND_LIBRARY NAMES ${_library} PATHS ${package_libdir}
                     NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
        if(NOT CONAN_FOUND_LIBRARY)
            message(FATAL_ERROR "Library '${_library}' not found in package. If '${_library}' is a system library, declare it with 'cpp_info.system_libs' property")
        endif()
        message(VERBOSE "Conan: Library ${_library} found ${CONAN_FOUND_LIBRARY}")

        # Not every character of a file's name may be in a target's
        string(REGEX REPLACE "[^A-Za-z0-9.+_-]" "_" _library_id "${_library}")
        set(_target CONAN_LIB::${package_name}_${_library_id}${config_suffix})

        if(is_host_windows AND library_type STREQUAL "SHARED")
            set(CMAKE_FIND_LIBRARY_SUFFIXES .dll ${_suffixes})
            find_library(CONAN_SHARED_FOUND_LIBRARY NAMES ${_library} PATHS ${package_bindir}
                         NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
            if(CONAN_SHARED_FOUND_LIBRARY)
                if(NOT TARGET ${_target})
                    add_library(${_target} SHARED IMPORTED)
                endif()
                set_target_properties(${_target} PROPERTIES
                                      IMPORTED_LOCATION${config_suffix} ${CONAN_SHARED_FOUND_LIBRARY}
                                      IMPORTED_IMPLIB${config_suffix} ${CONAN_FOUND_LIBRARY})
                message(DEBUG "Found DLL and STATIC at ${CONAN_SHARED_FOUND_LIBRARY}, ${CONAN_FOUND_LIBRARY}")
            else()
                # The DLL has another name than its import library
                message(DEBUG "DLL library not found, creating UNKNOWN IMPORTED target, searched for: ${_library}")
                if(NOT TARGET ${_target})
                    add_library(${_target} UNKNOWN IMPORTED)
                endif()
                set_target_properties(${_target} PROPERTIES IMPORTED_LOCATION${config_suffix} ${CONAN_FOUND_LIBRARY})
            endif()
            unset(CONAN_SHARED_FOUND_LIBRARY CACHE)
        else()
            if(NOT TARGET ${_target})
                add_library(${_target} ${library_type} IMPORTED)
            endif()
            message(DEBUG "Created target ${_target} ${library_type} IMPORTED")
            set_target_properties(${_target} PROPERTIES
                                  IMPORTED_LOCATION${config_suffix} ${CONAN_FOUND_LIBRARY}
                                  IMPORTED_NO_SONAME ${no_soname_mode})
        endif()
        list(APPEND _targets ${_target})
        unset(CONAN_FOUND_LIBRARY CACHE)
    endforeach()

    foreach(_target ${_targets})
        set_property(TARGET ${_target} APPEND PROPERTY INTERFACE_LINK_LIBRARIES ${deps_target})
    endforeach()

    set(${out_libraries_target} ${_targets} PARENT_SCOPE)
endfunction()

macro(check_build_type_defined)
    get_property(isMultiConfig GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
    if(NOT isMultiConfig AND NOT CMAKE_BUILD_TYPE)
        message(FATAL_ERROR "Please, set the CMAKE_BUILD_TYPE variable when calling to CMake "
                            "adding the '-DCMAKE_BUILD_TYPE=<build_type>' argument.")
    endif()
endmacro()
