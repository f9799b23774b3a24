"""What the classes of conan.tools.cmake share: calls, messages, values."""

import _crom
from conan.errors import ConanException


def call(conanfile, name, data):
    """Calls the logic, which may look at the recipe."""
    return _crom.call_with(conanfile, name, data)


def show(conanfile, messages):
    """Prints what the logic has to tell."""
    output = conanfile.output
    for message in messages:
        level, text = message["level"], message["text"]
        if level == "info":
            output.info(text)
        elif level == "warning":
            output.warning(text)
        elif level == "error":
            output.error(text)
        else:
            output.warning(text, warn_tag=level)


def check_duplicated(generator, conanfile):
    """A generator may be declared or made in generate(), but not both."""
    name = type(generator).__name__
    declared = getattr(conanfile, "generators", None) or ()
    if isinstance(declared, str):
        declared = (declared,)
    if any(name == (item if isinstance(item, str) else getattr(item, "__name__", None))
           for item in declared):
        raise ConanException(f"{name} is declared in the generators attribute, but was "
                             "instantiated in the generate() method too. It should only be "
                             "present in one of them.")


def option_value(value):
    """Options are texts; a variable gets what they mean: True, 3, 'text'."""
    if value is None or isinstance(value, (str, bool, int, float, list, tuple, dict, set)):
        return value
    text = str(value)
    if text == "True":
        return True
    if text == "False":
        return False
    if text == "None":
        return None
    digits = text[1:] if text.startswith("-") else text
    if digits.isdigit() and (digits == "0" or not digits.startswith("0")):
        return int(text)
    return text
