"""What generators have to tell, on the recipe's output."""


def report(conanfile, messages):
    """Shows messages of a generator: each has a level and a text."""
    for message in messages:
        level, text = message["level"], message["text"]
        if level == "info":
            conanfile.output.info(text)
        elif level == "error":
            conanfile.output.error(text)
        elif level in ("deprecated", "experimental"):
            conanfile.output.warning(text, warn_tag=level)
        else:
            conanfile.output.warning(text)
