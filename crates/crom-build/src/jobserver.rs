//! GNU make's jobserver: a pipe with one byte per processor that may be used. Who wants to start one
//! more process takes a byte, and puts it back when that is done.
//!
//! The pipe has a name, so that it can be opened without inheriting anything; its descriptors are
//! inherited too, since make before 4.4 knows no other way:
//!
//! ```text
//! MAKEFLAGS=-j --jobserver-auth=3,4
//! CROM_JOBSERVER=/fork/.crom-center/jobs/pipe
//! ```

use std::path::Path;

use crate::BuildError;
use crate::schedule::Slots;

/// Names the pipe for Crom's own processes, which take a share for tools that don't know jobservers.
pub const SHARE_VARIABLE: &str = "CROM_JOBSERVER";

/// A pool of processors.
#[derive(Debug)]
pub struct Jobserver {
    slots: usize,
    pipe: imp::Pipe,
}

impl Jobserver {
    /// With that many processors, at least one. The pipe is made in a folder of its own, which is
    /// emptied before.
    ///
    /// # Errors
    /// The pipe can't be made.
    pub fn new(slots: usize, folder: &Path) -> Result<Self, BuildError> {
        let slots = slots.max(1);
        let pipe = imp::Pipe::new(folder)?;
        pipe.put(slots);
        Ok(Self { slots, pipe })
    }

    /// What processes have to know: variables of their environment.
    pub fn variables(&self) -> Vec<(String, String)> {
        self.pipe.variables()
    }
}

impl Slots for Jobserver {
    fn try_take(&self) -> bool {
        self.pipe.take()
    }

    fn give_back(&self) {
        self.pipe.put(1);
    }

    fn all_idle(&self) {
        // Killed processes take their bytes with them.
        while self.pipe.take() {}
        self.pipe.put(self.slots);
    }
}

#[cfg(target_os = "linux")]
mod imp {
    use std::fs::File;
    use std::io::{Read, Write};
    use std::os::fd::{AsFd, AsRawFd};
    use std::path::{Path, PathBuf};

    use rustix::io::FdFlags;

    use super::SHARE_VARIABLE;
    use crate::BuildError;

    /// A named pipe in a folder of its own.
    #[derive(Debug)]
    pub struct Pipe {
        folder: PathBuf,
        /// Never blocks; not inherited.
        own: File,
        /// For make: inherited by all processes from now on.
        read: File,
        write: File,
    }

    impl Pipe {
        pub fn new(folder: &Path) -> Result<Self, BuildError> {
            // A process that was killed left its pipe there.
            crom_fs::remove_tree(folder)?;
            crom_fs::create_dir_all(folder)?;
            let folder = folder.to_path_buf();
            let path = folder.join("pipe");
            crom_fs::make_fifo(&path)?;
            let own = crom_fs::open_fifo(&path)?;
            // Both ends in each: opening one end alone would wait for the other.
            let (read, write) = (crom_fs::open_fifo(&path)?, crom_fs::open_fifo(&path)?);
            for file in [&read, &write] {
                rustix::io::fcntl_setfd(file.as_fd(), FdFlags::empty()).map_err(|error| {
                    BuildError::Jobserver {
                        action: "share",
                        source: error.into(),
                    }
                })?;
            }
            Ok(Self {
                folder,
                own,
                read,
                write,
            })
        }

        pub fn take(&self) -> bool {
            matches!((&self.own).read(&mut [0]), Ok(1))
        }

        pub fn put(&self, count: usize) {
            // A pipe that has room for all bytes takes them at once.
            let _ = (&self.own).write_all(&vec![b'+'; count]);
        }

        pub fn variables(&self) -> Vec<(String, String)> {
            let (read, write) = (self.read.as_raw_fd(), self.write.as_raw_fd());
            vec![
                (
                    String::from("MAKEFLAGS"),
                    format!("-j --jobserver-auth={read},{write}"),
                ),
                (
                    String::from(SHARE_VARIABLE),
                    self.folder.join("pipe").to_string_lossy().into_owned(),
                ),
            ]
        }
    }

    impl Drop for Pipe {
        fn drop(&mut self) {
            // What stays is removed by the next one.
            let _ = crom_fs::remove_tree(&self.folder);
        }
    }
}

/// Elsewhere each process counts as one, and is told to use one processor.
#[cfg(not(target_os = "linux"))]
mod imp {
    use std::path::Path;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use crate::BuildError;

    #[derive(Debug, Default)]
    pub struct Pipe {
        free: AtomicUsize,
    }

    impl Pipe {
        pub fn new(_folder: &Path) -> Result<Self, BuildError> {
            Ok(Self::default())
        }

        pub fn take(&self) -> bool {
            self.free
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |free| {
                    free.checked_sub(1)
                })
                .is_ok()
        }

        pub fn put(&self, count: usize) {
            self.free.fetch_add(count, Ordering::SeqCst);
        }

        pub fn variables(&self) -> Vec<(String, String)> {
            vec![(String::from(super::SHARE_VARIABLE), String::from("-"))]
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn slots_are_counted() {
        let folder = tempfile::tempdir().unwrap();
        let server = Jobserver::new(2, &folder.path().join("jobs")).unwrap();
        assert!(server.try_take() && server.try_take() && !server.try_take());
        server.give_back();
        assert!(server.try_take() && !server.try_take());
        server.all_idle();
        assert!(server.try_take() && server.try_take() && !server.try_take());
    }

    #[test]
    fn make_takes_its_slots_from_it() {
        let folder = tempfile::tempdir().unwrap();
        let server = Jobserver::new(3, &folder.path().join("jobs")).unwrap();
        // Five targets of which three may run: one by make's own slot, two by those of the pipe.
        let rules: String = (0..5)
            .map(|it| format!("t{it}:\n\t@echo + >> log; sleep 0.3; echo - >> log\n"))
            .collect();
        let text = format!("all: t0 t1 t2 t3 t4\n{rules}");
        crom_fs::write(folder.path().join("Makefile"), text).unwrap();
        assert!(server.try_take(), "the slot of make itself");
        let mut command = std::process::Command::new("make");
        command.current_dir(folder.path()).envs(server.variables());
        let output = command.output().expect("make");
        assert!(output.status.success(), "{output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        let log = crom_fs::read_text(folder.path().join("log")).unwrap();
        let (mut now, mut most) = (0, 0);
        for line in log.lines() {
            now += if line == "+" { 1 } else { -1 };
            most = most.max(now);
        }
        assert_eq!(most, 3, "{log}");
        server.give_back();
        assert!(server.try_take() && server.try_take() && server.try_take());
    }
}
