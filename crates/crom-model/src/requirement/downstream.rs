use super::{Requirement, RequirementError};
use crate::package_type::PackageType;

impl Requirement {
    /// What a consumer sees of `require`, a requirement of the package that it requires with `self`;
    /// none if nothing. `pkg_type` is the type of that package, `dep_pkg_type` that of the
    /// dependency.
    ///
    /// | package in the middle | passes on |
    /// | --- | --- |
    /// | application, shared library | only what it runs, unless `transitive_*` says more |
    /// | static library | libraries |
    /// | header library | headers and libraries |
    /// | others | headers and libraries, and a header library nothing but itself |
    pub fn transform_downstream(
        &self,
        pkg_type: PackageType,
        require: &Requirement,
        dep_pkg_type: PackageType,
    ) -> Result<Option<Requirement>, RequirementError> {
        if !require.visible() {
            return Ok(None);
        }
        if require.build || self.build {
            return Ok(self.build_downstream(require, dep_pkg_type));
        }
        let libraries = |kind| {
            matches!(
                kind,
                PackageType::SharedLibrary | PackageType::StaticLibrary
            )
        };
        let cannot_link = matches!(
            pkg_type,
            PackageType::Library
                | PackageType::Configuration
                | PackageType::BuildScripts
                | PackageType::PythonRequire
        );
        if cannot_link && libraries(dep_pkg_type) {
            return Err(RequirementError::Forbidden {
                package: self.reference.to_string(),
                package_type: pkg_type,
                dependency: require.reference.to_string(),
                dependency_type: dep_pkg_type,
            });
        }
        let (headers, libs) = passed_on(pkg_type, dep_pkg_type);
        let header_only = pkg_type == PackageType::HeaderLibrary;
        let fits = |passed: bool, wanted: Option<bool>, has: bool, own: bool| {
            wanted.unwrap_or(passed) && has && (own || header_only)
        };
        // Where both types say all there is to say, the traits of the requirement are spent.
        let settled = dep_pkg_type == PackageType::HeaderLibrary
            || (libraries(dep_pkg_type) && pkg_type != PackageType::Unknown);
        let kept =
            |own: Option<bool>, theirs: Option<bool>| own.or(if settled { None } else { theirs });
        let mut downstream = Self {
            headers: Some(fits(
                headers,
                require.transitive_headers,
                require.headers(),
                self.headers(),
            )),
            libs: Some(fits(
                libs,
                require.transitive_libs,
                require.libs(),
                self.libs(),
            )),
            run: Some(require.run()),
            visible: Some(self.visible()),
            transitive_headers: kept(self.transitive_headers, require.transitive_headers),
            transitive_libs: kept(self.transitive_libs, require.transitive_libs),
            force: Some(require.force()),
            ..self.indirect(require)
        };
        if self.test() {
            downstream.test = Some(true);
        }
        Ok(Some(downstream))
    }

    /// Of a tool, only what runs with it is seen; of a package, the tools that it shows.
    fn build_downstream(
        &self,
        require: &Requirement,
        dep_pkg_type: PackageType,
    ) -> Option<Requirement> {
        let run = if require.build {
            require.run()
        } else if require.run() || dep_pkg_type == PackageType::SharedLibrary {
            self.run()
        } else {
            return None;
        };
        Some(Self {
            headers: Some(false),
            libs: Some(false),
            build: true,
            run: Some(run),
            visible: Some(self.visible()),
            ..self.indirect(require)
        })
    }

    fn indirect(&self, require: &Requirement) -> Requirement {
        Self {
            declared: require.declared.clone(),
            direct: Some(false),
            consistent: Some(self.consistent()),
            ..Self::new(require.reference.clone())
        }
    }
}

/// (headers, libs) that a package shows of its dependency when no `transitive_*` trait tells.
fn passed_on(pkg_type: PackageType, dep_pkg_type: PackageType) -> (bool, bool) {
    if dep_pkg_type == PackageType::HeaderLibrary {
        return (false, false);
    }
    match pkg_type {
        PackageType::Application | PackageType::SharedLibrary => (false, false),
        PackageType::StaticLibrary => (false, true),
        _ => (true, true),
    }
}
