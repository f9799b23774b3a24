"""Kinds of CMake's generators."""

import _crom


def is_multi_configuration(generator):
    """True for generators whose build tree serves several configurations."""
    if not generator:
        return False
    return _crom.call("cmake.is_multi_configuration", {"generator": generator})


def cmake_escape_value(v):
    """A text as it can stand between quotes in a CMake file."""
    return v.replace("\\", "\\\\").replace("$", "\\$").replace('"', '\\"')


_CACHE_TYPES = ("BOOL", "FILEPATH", "PATH", "STRING", "INTERNAL")


def parse_extra_variable(source, key, value):
    """One of the extra variables of a conf as CMake's ``set`` takes it."""
    from conan.errors import ConanException

    def plain(it):
        return f'"{it}"' if isinstance(it, str) else it

    def refuse(text):
        raise ConanException(f'{source} "{key}" {text}')

    if not isinstance(value, dict):
        return plain(value)
    content = value.get("value")
    if not isinstance(content, (str, int, float)):
        refuse(f"has invalid type. Allowed types: str, int, float, dict, got {type(content)}")
    content = plain(content)
    if not value.get("cache"):
        if value.get("force"):
            refuse('"force" is only allowed for cache variables')
        return content
    kind = value.get("type")
    if not kind:
        refuse('needs "type" defined for cache variable')
    if kind not in _CACHE_TYPES:
        refuse(f'invalid type "{kind}" for cache variable. Possible types: '
               f'{", ".join(_CACHE_TYPES)}')
    force = " FORCE" if value.get("force") else ""
    return f'{content} CACHE {kind} "{value.get("docstring") or key}"{force}'
