"""What the classes of conan.tools.cmake share: calls, messages, values."""

import _crom
from conan.internal.generate import check_duplicated


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
