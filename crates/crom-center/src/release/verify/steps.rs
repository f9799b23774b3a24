//! One step of a verification is one or more runs of this program in the empty home.

use std::path::PathBuf;
use std::time::Instant;

use crom_build::Worker;
use serde_json::Value;

use super::graph::{Seen, root_folder};
use super::{ConsumerReport, VerifyOptions};
use crate::list::Consumer;
use crate::plan::{Combination, profile_selection};
use crate::{CenterError, Fork};

/// Runs steps, and gives each a log.
pub(super) struct Steps<'a> {
    fork: &'a Fork,
    program: PathBuf,
    remote: &'a str,
    scratch: PathBuf,
    home: PathBuf,
    count: usize,
}

/// What a run gives: its outcome, or why it failed.
type Run = Result<(), String>;

impl<'a> Steps<'a> {
    pub fn new(
        fork: &'a Fork,
        options: &VerifyOptions,
        remote: &'a str,
        scratch: PathBuf,
        home: PathBuf,
    ) -> Self {
        Self {
            fork,
            program: options.program.clone(),
            remote,
            scratch,
            home,
            count: 0,
        }
    }

    /// Installs the package of a combination, which must have the planned id.
    pub fn install(
        &mut self,
        combination: &Combination,
        package: &str,
        seen: &mut Seen,
    ) -> Result<ConsumerReport, CenterError> {
        let (reference, _) = package.split_once(':').unwrap_or((package, ""));
        let mut name = format!("{} [{}]", combination.listed, combination.profile);
        for option in &combination.options {
            name.push_str(&format!(" -o {option}"));
        }
        let mut step = self.step(name)?;
        let mut arguments = vec![
            String::from("install"),
            format!("--requires={reference}"),
            String::from("--build=never"),
            String::from("--lockfile="),
            String::from("--envs-generation=false"),
            format!("--output-folder={}", step.folder.display()),
        ];
        arguments.extend(self.profiles(&combination.profile, &combination.options));
        let outcome = self
            .graph_run(&mut step, arguments, seen)
            .and_then(|graph| {
                let nodes = graph.pointer("/graph/nodes").and_then(Value::as_object);
                let mut ids = nodes
                    .into_iter()
                    .flat_map(serde_json::Map::values)
                    .map(|node| {
                        let text =
                            |name: &str| node.get(name).and_then(Value::as_str).unwrap_or_default();
                        format!("{}:{}", text("ref"), text("package_id"))
                    });
                if ids.any(|it| it == package) {
                    Ok(())
                } else {
                    Err(format!("it is another package than the planned {package}"))
                }
            });
        Ok(step.end(outcome))
    }

    /// Downloads a package that no installation needed, such as a tool for builds.
    pub fn download(&mut self, full: &str, seen: &mut Seen) -> Result<ConsumerReport, CenterError> {
        let mut step = self.step(full.to_owned())?;
        let arguments = vec![
            String::from("download"),
            full.to_owned(),
            format!("--remote={}", self.remote),
        ];
        let outcome = self.run(&mut step, arguments);
        if outcome.is_ok() {
            seen.packages.insert(full.to_owned());
            seen.recipes
                .extend(full.split(':').next().map(str::to_owned));
        }
        Ok(step.end(outcome))
    }

    /// Locks and builds a consumer, in a copy of its folder, and runs what it is to run.
    pub fn consumer(
        &mut self,
        consumer: &Consumer,
        profile: &str,
        seen: &mut Seen,
    ) -> Result<ConsumerReport, CenterError> {
        let mut step = self.step(format!("{} [{profile}]", consumer.path))?;
        let from = self.fork.root.join(&consumer.path);
        let copy = step.folder.join("consumer");
        if !crom_fs::is_dir(&from) {
            return Ok(step.end(Err(format!("there is no folder '{}'", from.display()))));
        }
        crom_fs::copy_tree(&from, &copy, crom_fs::CopyOptions::default())?;
        let outcome = self.build_consumer(&mut step, &copy, consumer, profile, seen);
        Ok(step.end(outcome))
    }

    fn build_consumer(
        &self,
        step: &mut Step,
        copy: &std::path::Path,
        consumer: &Consumer,
        profile: &str,
        seen: &mut Seen,
    ) -> Run {
        let path = copy.to_string_lossy().into_owned();
        let lockfile = self.lockfile(consumer, profile);
        let mut lock = vec![
            String::from("lock"),
            String::from("create"),
            path.clone(),
            String::from("--lockfile="),
            format!("--lockfile-out={}", lockfile.display()),
            format!("--remote={}", self.remote),
        ];
        lock.extend(self.profiles(profile, &[]));
        self.run(step, lock)?;
        let verb = if crom_fs::is_file(copy.join("conanfile.py")) {
            "build"
        } else {
            "install"
        };
        let mut build = vec![
            verb.to_owned(),
            path,
            String::from("--build=never"),
            format!("--lockfile={}", lockfile.display()),
        ];
        build.extend(self.profiles(profile, &[]));
        let graph = self.graph_run(step, build, seen)?;
        let Some(command) = &consumer.run else {
            return Ok(());
        };
        let folder = |name: &str| root_folder(&graph, name).filter(|it| !it.is_empty());
        let build = folder("build_folder").map_or(copy.to_path_buf(), PathBuf::from);
        let generators = folder("generators_folder").map_or(copy.to_path_buf(), PathBuf::from);
        let script = format!(
            "if [ -f '{0}/conanrun.sh' ]; then . '{0}/conanrun.sh'; fi\n{command}",
            generators.display()
        );
        let worker = Worker {
            program: PathBuf::from("/bin/sh"),
            arguments: vec![String::from("-ec"), script],
            variables: Vec::new(),
            folder: build,
            log: step.next_log(),
        };
        finish(step, &worker).map_err(|error| format!("'{command}' failed: {error}"))
    }

    /// `.crom-center/verify/consumers-app-linux-gcc12.lock`
    fn lockfile(&self, consumer: &Consumer, profile: &str) -> PathBuf {
        let name = consumer.path.replace(['/', '\\'], "-");
        let folder = self.fork.state().join("verify");
        folder.join(format!("{name}-{profile}.lock"))
    }

    fn profiles(&self, profile: &str, options: &[String]) -> Vec<String> {
        let selection = profile_selection(self.fork, profile, options);
        let host = selection.host.profiles.iter();
        let build = selection.build.profiles.iter();
        host.map(|it| format!("--profile:host={it}"))
            .chain(build.map(|it| format!("--profile:build={it}")))
            .chain(options.iter().map(|it| format!("--options:host={it}")))
            .collect()
    }

    /// A run that gives a graph, all of which must come from the remote.
    fn graph_run(
        &self,
        step: &mut Step,
        mut arguments: Vec<String>,
        seen: &mut Seen,
    ) -> Result<Value, String> {
        let out = step.folder.join("graph.json");
        arguments.extend([
            format!("--remote={}", self.remote),
            String::from("--format=json"),
            format!("--out-file={}", out.display()),
        ]);
        self.run(step, arguments)?;
        let text = crom_fs::read_text(&out).map_err(|error| error.to_string())?;
        let graph: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        seen.add(&graph, self.remote)?;
        Ok(graph)
    }

    fn run(&self, step: &mut Step, arguments: Vec<String>) -> Run {
        let worker = Worker {
            program: self.program.clone(),
            arguments,
            variables: vec![(
                String::from("CONAN_HOME"),
                self.home.to_string_lossy().into_owned(),
            )],
            folder: step.folder.clone(),
            log: step.next_log(),
        };
        finish(step, &worker)
    }

    fn step(&mut self, name: String) -> Result<Step, CenterError> {
        self.count += 1;
        let folder = self.scratch.join(format!("step-{}", self.count));
        crom_fs::create_dir_all(&folder)?;
        let safe: String = name
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || "._-".contains(c) {
                    c
                } else {
                    '_'
                }
            })
            .take(80)
            .collect();
        let log = self
            .fork
            .state()
            .join("logs/verify")
            .join(format!("{safe}.log"));
        if let Some(above) = log.parent() {
            crom_fs::create_dir_all(above)?;
        }
        crom_fs::write(&log, "")?;
        Ok(Step {
            name,
            folder,
            log,
            runs: 0,
            begin: Instant::now(),
        })
    }
}

/// A step that runs.
struct Step {
    name: String,
    folder: PathBuf,
    log: PathBuf,
    runs: usize,
    begin: Instant,
}

impl Step {
    fn next_log(&mut self) -> PathBuf {
        self.runs += 1;
        self.folder.join(format!("run-{}.log", self.runs))
    }

    fn end(self, outcome: Run) -> ConsumerReport {
        let seconds = (self.begin.elapsed().as_secs_f64() * 100.0).round() / 100.0;
        ConsumerReport {
            name: self.name,
            failure: outcome.err(),
            log: self.log,
            seconds,
        }
    }
}

/// Runs it and puts what it said behind the log of the step.
fn finish(step: &Step, worker: &Worker) -> Run {
    let end = worker.run().map_err(|error| error.to_string())?;
    let said = crom_fs::read(&worker.log).unwrap_or_default();
    let head = format!(
        "$ {} {}\n",
        worker.program.display(),
        worker.arguments.join(" ")
    );
    let append =
        |bytes: &[u8]| crom_fs::append(&step.log, bytes).map_err(|error| error.to_string());
    append(head.as_bytes())?;
    append(&said)?;
    if end.is_success() {
        Ok(())
    } else {
        Err(worker.failure())
    }
}
