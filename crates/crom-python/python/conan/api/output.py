"""``self.output``: Crom decides what is shown and how."""
from _thread import allocate_lock as _allocate_lock

import _crom

LEVEL_QUIET = 80
LEVEL_ERROR = 70
LEVEL_WARNING = 60
LEVEL_NOTICE = 50
LEVEL_STATUS = 40
LEVEL_VERBOSE = 30
LEVEL_DEBUG = 20
LEVEL_TRACE = 10


class Color:
    """Escape sequences, for code that names them. What is shown is decided elsewhere."""
    RED = "\x1b[31m"
    WHITE = "\x1b[37m"
    CYAN = "\x1b[36m"
    GREEN = "\x1b[32m"
    MAGENTA = "\x1b[35m"
    BLUE = "\x1b[34m"
    YELLOW = "\x1b[33m"
    BLACK = "\x1b[30m"
    BRIGHT_RED = "\x1b[1;31m"
    BRIGHT_BLUE = "\x1b[1;34m"
    BRIGHT_YELLOW = "\x1b[1;33m"
    BRIGHT_GREEN = "\x1b[1;32m"
    BRIGHT_CYAN = "\x1b[1;36m"
    BRIGHT_WHITE = "\x1b[1;37m"
    BRIGHT_MAGENTA = "\x1b[1;35m"


# By the value of ``-v``.
_LEVELS = {"quiet": LEVEL_QUIET, "error": LEVEL_ERROR, "warning": LEVEL_WARNING,
           "notice": LEVEL_NOTICE, "status": LEVEL_STATUS, None: LEVEL_VERBOSE,
           "verbose": LEVEL_VERBOSE, "debug": LEVEL_DEBUG, "v": LEVEL_DEBUG, "trace": LEVEL_TRACE,
           "vv": LEVEL_TRACE}


class ConanOutput:
    """Messages of one scope, usually a reference."""

    # Held while several lines are to stay together.
    lock = _allocate_lock()
    # What a recipe said of itself; on top of what the user said.
    _own_level = 0
    _own_silence = ()
    _own_errors = ()

    @staticmethod
    def valid_log_levels():
        return dict(_LEVELS)

    @classmethod
    def define_log_level(cls, v):
        """Shows only messages of this level, named as for ``-v``, and above."""
        if v not in _LEVELS:
            from conan.errors import ConanException
            raise ConanException(f"Invalid argument '-v{v}'")
        cls._own_level = _LEVELS[v]

    @classmethod
    def set_output_level(cls, level):
        cls._own_level = level

    @classmethod
    def define_silence_warnings(cls, warnings):
        """Tags of warnings that aren't shown."""
        cls._own_silence = tuple(warnings or ())

    @classmethod
    def set_warnings_as_errors(cls, value):
        """Tags of warnings that are errors."""
        cls._own_errors = tuple(value or ())

    def __init__(self, scope=""):
        self._scope = scope

    @property
    def scope(self):
        return self._scope

    @scope.setter
    def scope(self, scope):
        self._scope = scope

    @property
    def color(self):
        return False

    @property
    def is_terminal(self):
        return False

    @property
    def stream(self):
        import sys
        return sys.stderr

    @classmethod
    def level_allowed(cls, level):
        return level >= max(cls._own_level, _crom.output_level())

    @classmethod
    def get_output_level(cls):
        return max(cls._own_level, _crom.output_level())

    def _message(self, level, style, msg):
        if _LEVELS.get(level, LEVEL_STATUS) < self._own_level:
            return self
        scope = self._scope
        _crom.message(level, style, "" if scope is None else str(scope), str(msg))
        return self

    def rewrite_line(self, line):
        return self.info(line)

    def trace(self, msg):
        return self._message("trace", "plain", msg)

    def debug(self, msg, fg=Color.MAGENTA, bg=None):
        return self._message("debug", "plain", msg)

    def verbose(self, msg, fg=None, bg=None):
        return self._message("verbose", "plain", msg)

    def status(self, msg, fg=None, bg=None, newline=True):
        return self._message("status", "plain", msg)

    def info(self, msg, fg=None, bg=None, newline=True):
        return self._message("status", "plain", msg)

    def step(self, msg):
        return self._message("status", "highlight", msg)

    def highlight(self, msg):
        return self._message("notice", "highlight", msg)

    def success(self, msg):
        return self._message("notice", "success", msg)

    def title(self, msg):
        return self._message("status", "title", msg)

    def subtitle(self, msg):
        return self._message("status", "subtitle", msg)

    def box(self, msg):
        line = "*" * 50
        return self._message("status", "plain", f"\n{line}\n*{msg:^48}*\n{line}\n")

    @staticmethod
    def _refuse(tag, text):
        """A warning that ``core:warnings_as_errors`` makes an error."""
        from fnmatch import fnmatch
        tag = tag or "unknown"
        own = ConanOutput
        if any(fnmatch(tag, it) for it in
               (*_crom.core_list("core:skip_warnings"), *own._own_silence)):
            return
        if any(fnmatch(tag, it) for it in
               (*_crom.core_list("core:warnings_as_errors"), *own._own_errors)):
            from conan.errors import ConanException
            raise ConanException(text)

    def warning(self, msg, warn_tag=None):
        self._refuse(warn_tag, f"{warn_tag}: {msg}" if warn_tag else str(msg))
        if self._own_level > LEVEL_WARNING or (warn_tag or "unknown") in self._own_silence:
            return self
        _crom.warning(warn_tag, "" if self._scope is None else str(self._scope), str(msg))
        return self

    # Conan 1's name; recipes still use it.
    warn = warning

    def error(self, msg, error_type=None):
        if error_type != "exception":
            self._refuse(error_type, str(msg))
        return self._message("error", "plain", msg)

    def write(self, data, fg=None, bg=None, newline=False):
        _crom.raw(str(data) + ("\n" if newline else ""))
        return self

    def writeln(self, data, fg=None, bg=None):
        return self.write(data, newline=True)

    def login_msg(self, msg, newline=False):
        return self.write(msg, newline=newline)

    def flush(self):
        pass


def cli_out_write(data, fg=None, bg=None, endline="\n", indentation=0):
    """Data for whoever called Crom."""
    _crom.raw(f"{' ' * indentation}{data}{endline}")
