"""Files, archives, downloads and patches."""
from conan.tools.files.conandata import trim_conandata, update_conandata
from conan.tools.files.copy_pattern import copy
from conan.tools.files.files import (check_md5, check_sha1, check_sha256, chdir, chmod, collect_libs,
                                     download, ftp_download, get, load, mkdir, move_folder_contents,
                                     rename, replace_in_file, rm, rmdir, save, unzip)
from conan.tools.files.patches import (apply_conandata_patches, export_conandata_patches, patch)
