//! Visual Studio.

use super::Detector;

/// `compiler.runtime` of a detected msvc.
pub fn default_msvc_runtime(compiler: &str) -> Option<&'static str> {
    (compiler == "msvc").then_some("dynamic")
}

/// The version of the IDE that ships a compiler: `194` and `193` are Visual Studio 17.
pub fn default_msvc_ide_version(version: &str) -> Option<&'static str> {
    Some(match version {
        "195" => "18",
        "194" | "193" => "17",
        "192" => "16",
        "191" => "15",
        "190" => "14",
        "180" => "12",
        "170" => "11",
        _ => return None,
    })
}

/// The compiler of a version of the IDE.
fn compiler_of_ide(ide: &str) -> Option<&'static str> {
    Some(match ide {
        "18" => "195",
        "17" => "194",
        "16" => "192",
        "15" => "191",
        "14" => "190",
        "12" => "180",
        "11" => "170",
        _ => return None,
    })
}

/// The compiler version of the newest Visual Studio that `vswhere` or the environment of a developer
/// prompt names.
pub(super) fn newest_installed(detector: &Detector<'_>) -> Option<String> {
    if let Some(prompt) = detector.variables.get_filled("VisualStudioVersion") {
        let ide = prompt.split('.').next().unwrap_or(prompt);
        return compiler_of_ide(ide).map(str::to_owned);
    }
    let program_files = detector
        .variables
        .get_filled("ProgramFiles(x86)")
        .or_else(|| detector.variables.get_filled("ProgramFiles"))?;
    let vswhere = format!("\"{program_files}\\Microsoft Visual Studio\\Installer\\vswhere.exe\"");
    let arguments = [
        "-latest",
        "-prerelease",
        "-products",
        "*",
        "-property",
        "installationVersion",
    ];
    let (_, text) = detector.programs.run(&vswhere, &arguments, "")?;
    let ide = text.trim().split('.').next()?.to_owned();
    compiler_of_ide(&ide).map(str::to_owned)
}
