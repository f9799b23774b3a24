//! The C++ standard library.

use super::Detector;

impl Detector<'_> {
    /// `detect_api.detect_libcxx()`: the `compiler.libcxx` setting; none where there is no choice.
    pub fn detect_libcxx(
        &self,
        compiler: &str,
        version: &str,
        command: Option<&str>,
    ) -> Option<String> {
        match compiler {
            "apple-clang" => Some("libc++".to_owned()),
            "gcc" => Some(self.libcxx_of_gcc(version, command.unwrap_or("g++"))),
            "clang" => match std::env::consts::OS {
                "windows" => None,
                "macos" | "freebsd" => Some("libc++".to_owned()),
                _ => Some(self.libcxx_of_gcc(version, command.unwrap_or("clang++"))),
            },
            "sun-cc" => Some("libCstd".to_owned()),
            "mcst-lcc" => Some("libstdc++".to_owned()),
            "intel-cc" => Some("libstdc++11".to_owned()),
            "emcc" => Some("libc++".to_owned()),
            _ => None,
        }
    }

    /// Asks the compiler which ABI its libstdc++ uses: the macro is set by any of its headers.
    fn libcxx_of_gcc(&self, version: &str, command: &str) -> String {
        let program = "#include <string>\nint abi = _GLIBCXX_USE_CXX11_ABI;\n";
        let arguments = ["-std=c++11", "-x", "c++", "-E", "-"];
        let answer = self.programs.run(command, &arguments, program);
        let libcxx = match answer {
            Some((0, text)) if text.contains("abi = 0") => "libstdc++",
            Some((0, text)) if text.contains("abi = _GLIBCXX_USE_CXX11_ABI") => "libstdc++",
            Some((0, _)) => "libstdc++11",
            other => {
                let text = other.map(|(_, text)| text).unwrap_or_default();
                self.warning(&format!("compiler.libcxx check error: {text}"));
                return self.assumed_libcxx(version);
            }
        };
        self.info(&format!("gcc C++ standard library: {libcxx}"));
        libcxx.to_owned()
    }

    /// Where the compiler can't be asked: libstdc++ has had the new ABI since gcc 5.1.
    fn assumed_libcxx(&self, version: &str) -> String {
        let new = version
            .split('.')
            .next()
            .and_then(|m| m.parse::<u32>().ok())
            .unwrap_or(0)
            >= 5;
        let (compiler, libcxx) = if new {
            ("gcc>=5.1", "libstdc++11")
        } else {
            ("gcc<5.1", "libstdc++")
        };
        self.warning(&format!(
            "Couldn't deduce compiler.libcxx for {compiler}, assuming {libcxx}"
        ));
        libcxx.to_owned()
    }
}
