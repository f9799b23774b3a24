//! `SConscript_conandeps` (SConsDeps): the dependencies as a dictionary of construction variables.

use crom_model::cpp_info::Component;

use crate::cmake::Consumer;
use crate::cmake::text::python_repr;
use crate::error::GeneratorError;
use crate::file::File;
use crate::gnu::deps_flags::merged;
use crate::packages::host_and_test;

/// Ends what belongs to a package.
const BETWEEN: &str = "        \n";

type Of = fn(&Component) -> &[String];

const VARIABLES: [(&str, Of); 11] = [
    ("CPPPATH", Component::includedirs),
    ("LIBPATH", Component::libdirs),
    ("BINPATH", Component::bindirs),
    ("LIBS", Component::libs),
    ("FRAMEWORKS", Component::frameworks),
    ("FRAMEWORKPATH", Component::frameworkdirs),
    ("CPPDEFINES", Component::defines),
    ("CXXFLAGS", Component::cxxflags),
    ("CCFLAGS", Component::cflags),
    ("SHLINKFLAGS", Component::sharedlinkflags),
    ("LINKFLAGS", Component::exelinkflags),
];

/// Renders the file.
///
/// # Errors
/// If components require each other in a circle.
pub fn render(consumer: &Consumer) -> Result<File, GeneratorError> {
    let mut text = String::from("conandeps = {\n");
    text.push_str(&variables("conandeps", &merged(consumer)?));
    text.push_str(BETWEEN);
    for package in host_and_test(consumer) {
        // What components have is only in the whole.
        let mut info = package.view.cpp_info.root.clone();
        info.set_relative_base_folder(&package.folder());
        text.push_str(&variables(package.name(), &info));
        text.push_str(&format!(
            "        \"{}_version\" : \"{}\",\n",
            package.name(),
            package.version()
        ));
        text.push_str(BETWEEN);
    }
    text.push_str("}\n\nReturn('conandeps')\n");
    Ok(File::new("SConscript_conandeps", text))
}

fn variables(name: &str, info: &Component) -> String {
    let mut text = format!("\n        \"{name}\" : {{\n");
    for (variable, of) in VARIABLES {
        let mut values = of(info).to_vec();
        if variable == "LIBS" {
            values.extend(info.system_libs().iter().cloned());
        }
        let key = format!("\"{variable}\"");
        text.push_str(&format!(
            "            {key:<13} : {},\n",
            python_repr(&values.into())
        ));
    }
    text.push_str("        },\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{consumer, linux};

    #[test]
    fn dictionary() {
        insta::assert_snapshot!(render(&consumer(&linux())).unwrap().content);
    }
}
