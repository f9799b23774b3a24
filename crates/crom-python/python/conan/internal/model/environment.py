"""``Environment.vars(..)``"""
import _crom


class EnvVars:
    """The variables of an environment with their final texts, for one recipe."""

    def __init__(self, conanfile, values, scope):
        self._environment = values
        self._conanfile = conanfile
        self._scope = scope

    @property
    def _separator(self):
        """Between paths, where programs of this scope run."""
        if self._conanfile is None:
            import os
            return os.pathsep
        scope = {"scope": self._scope}
        return ";" if _crom.call_with(self._conanfile, "env.subsystem", scope) == "windows" else ":"

    def _resolved(self, variable_reference=None):
        return self._environment._resolve(variable_reference, self._separator)

    def keys(self):
        return dict(self._resolved("")).keys()

    def __getitem__(self, name):
        return dict(self._resolved())[name]

    def get(self, name, default=None, variable_reference=None):
        found = dict(self._resolved(variable_reference))
        value = found.get(name)
        return default if name not in found else value

    def items(self, variable_reference=None):
        return dict(self._resolved(variable_reference)).items()

    def apply(self):
        return _Applied(self)

    def _save(self, function, path, **more):
        _crom.call_with(self._conanfile, function,
                        {"environment": self._environment, "file": str(path), "scope": self._scope,
                         **more})

    def save_script(self, filename):
        from conan.tools.env.environment import save_script
        save_script(self._conanfile, self._environment, self._scope, str(filename))

    def save_sh(self, file_location, generate_deactivate=True):
        self._save("env.save_sh", file_location, generate_deactivate=generate_deactivate)

    def save_bat(self, file_location, generate_deactivate=True):
        self._save("env.save_bat", file_location, generate_deactivate=generate_deactivate)

    def save_ps1(self, file_location, generate_deactivate=True):
        self._save("env.save_ps1", file_location, generate_deactivate=generate_deactivate)

    def save_dotenv(self, file_location):
        self._save("env.save_dotenv", file_location)


class _Applied:
    """``with env_vars.apply():`` sets the variables of this process meanwhile."""

    def __init__(self, env_vars):
        self._env_vars = env_vars

    def __enter__(self):
        import os
        self._before = dict(os.environ)
        for name, value in self._env_vars._resolved():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        return self

    def __exit__(self, *exception):
        import os
        os.environ.clear()
        os.environ.update(self._before)
        return False
