"""The exceptions that recipes raise and catch."""


class ConanException(Exception):
    """A failure with a message for people."""

    def __init__(self, msg=None, remote=None):
        self.remote = remote
        super().__init__(msg)

    def __str__(self):
        msg = super().__str__()
        if self.remote:
            return f"{msg}. [Remote: {self.remote.name}]"
        return msg


class ConanInvalidConfiguration(ConanException):
    """This configuration can't be built or used."""


class ConanMigrationError(ConanException):
    """A home can't be brought to this version's format."""


class ConanConnectionError(ConanException):
    """A server can't be reached."""


class NotFoundException(ConanException):
    """A server doesn't have it."""


class ForbiddenException(ConanException):
    """A server refuses."""


class AuthenticationException(ConanException):
    """A server doesn't know the user."""


class CromUnsupported(ConanException):
    """Part of Conan's API that Crom doesn't have."""


class CromDenied(ConanException):
    """A recipe that is only being resolved tried to have an effect."""
