"""Git"""
import _crom
from conan.tools.files.conandata import update_conandata


class Git:
    """Runs git in a folder."""

    def __init__(self, conanfile, folder=".", excluded=None):
        self._conanfile = conanfile
        self.folder = folder
        self._excluded = excluded

    def _call(self, name, **data):
        data.update(folder=self.folder, excluded=self._excluded)
        return _crom.call_with(self._conanfile, f"scm.{name}", data)

    def run(self, cmd, hidden_output=None):
        """Runs ``git <cmd>``; returns what it printed."""
        return self._call("run", command=cmd, hidden_output=hidden_output)

    def get_commit(self, repository=False):
        """The last commit that changed this folder, or of the whole repository."""
        return self._call("get_commit", repository=bool(repository))

    def get_remote_url(self, remote="origin"):
        """The URL of a remote; none when there is no such remote."""
        return self._call("get_remote_url", remote=remote)

    def commit_in_remote(self, commit, remote="origin"):
        """Is the commit in the remote?"""
        return self._call("commit_in_remote", commit=commit, remote=remote)

    def is_dirty(self, repository=False):
        """Are there changes that aren't committed?"""
        return self._call("is_dirty", repository=bool(repository))

    def get_url_and_commit(self, remote="origin", repository=False):
        """What is needed to get these sources again: (url, commit)."""
        found = self._call("get_url_and_commit", remote=remote, repository=bool(repository))
        return found["url"], found["commit"]

    def get_repo_root(self):
        """The top folder of the repository."""
        return self._call("get_repo_root")

    def clone(self, url, target="", args=None, hide_url=True):
        """Clones a repository."""
        self._call("clone", url=url, target=target, args=list(args or []), hide_url=bool(hide_url))

    def fetch_commit(self, url, commit, hide_url=True):
        """Gets one commit without history."""
        self._call("fetch_commit", url=url, commit=commit, hide_url=bool(hide_url))

    def checkout(self, commit):
        """Checks out a commit, branch or tag."""
        self._call("checkout", commit=commit)

    def included_files(self):
        """The files that git has or would take."""
        return self._call("included_files")

    def coordinates_to_conandata(self, repository=False):
        """Notes in conandata.yml where these sources are."""
        url, commit = self.get_url_and_commit(repository=repository)
        update_conandata(self._conanfile, {"scm": {"commit": commit, "url": url}})

    def checkout_from_conandata_coordinates(self):
        """Gets the sources that conandata.yml tells of."""
        self._call("checkout_from_conandata_coordinates")
