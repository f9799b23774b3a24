//! Operating system and architecture.

use crate::variables::Variables;

/// This machine's `os` setting.
pub fn detect_os(variables: &Variables) -> Option<String> {
    let name = match std::env::consts::OS {
        "linux" | "android" => "Linux",
        "macos" => "Macos",
        "windows" => "Windows",
        "freebsd" => "FreeBSD",
        "solaris" | "illumos" => "SunOS",
        "aix" => "AIX",
        _ => return None,
    };
    // A shell of MSYS2 on Windows is still Windows for packages.
    let _ = variables;
    Some(name.to_owned())
}

/// This machine's `arch` setting.
pub fn detect_arch() -> Option<String> {
    arch_of_machine(&crate::template::platform::machine()).map(str::to_owned)
}

/// The `arch` setting for what `uname -m` (or `PROCESSOR_ARCHITECTURE`) says.
fn arch_of_machine(machine: &str) -> Option<&'static str> {
    let machine = machine.to_lowercase();
    let machine = machine.as_str();
    Some(match machine {
        "x86_64" | "amd64" | "i86pc" | "x64" => "x86_64",
        "arm64" | "aarch64" | "armv8" | "armv8_64" | "armv8b" | "armv8l" => "armv8",
        "i386" | "i486" | "i586" | "i686" | "x86" => "x86",
        "sun4v" => "sparc",
        "e2k" => "e2k-v2",
        "ppc64le" => "ppc64le",
        "ppc64" | "powerpc64" => "ppc64",
        "ppc" | "powerpc" => "ppc32",
        "mips64" | "mips64el" => "mips64",
        "mips" => "mips",
        "sparcv9" | "sparc64" => "sparcv9",
        "sparc" => "sparc",
        "s390x" => "s390x",
        "s390" => "s390",
        "riscv64" => "riscv64",
        "riscv32" => "riscv32",
        "armv7l" | "armv7hl" => "armv7",
        "armv6l" | "armv6" => "armv6",
        "armv5tel" | "armv5tejl" | "armv5el" => "armv5el",
        _ if machine.starts_with("armv7") => "armv7",
        _ if machine.contains("arm") => "armv6",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::arch_of_machine;

    #[test]
    fn usual_machines() {
        let cases = [
            ("x86_64", Some("x86_64")),
            ("AMD64", Some("x86_64")),
            ("arm64", Some("armv8")),
            ("aarch64", Some("armv8")),
            ("i686", Some("x86")),
            ("ppc64le", Some("ppc64le")),
            ("s390x", Some("s390x")),
            ("armv7l", Some("armv7")),
            ("vax", None),
        ];
        for (machine, arch) in cases {
            assert_eq!(arch_of_machine(machine), arch, "{machine}");
        }
    }
}
