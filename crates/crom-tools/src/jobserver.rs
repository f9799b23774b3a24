//! Crom as a client of a jobserver: how many processes a tool may start that doesn't know jobservers
//! itself.
//!
//! The process holds one slot from its beginning; more are taken when a build asks, and kept to the
//! end, since such a tool can't give them back one by one. See `crom-build` for the other side.

use std::fs::File;
use std::io::{Read, Write};
use std::sync::{Mutex, OnceLock, PoisonError};

/// The pipe with a byte per processor that is free.
const VARIABLE: &str = "CROM_JOBSERVER";

/// Does this process share processors with others? Then make, which knows jobservers, is told no
/// number.
pub fn is_shared() -> bool {
    state().is_some()
}

/// How many of `wanted` processes a tool may run: all of them where nothing is shared.
pub fn share(wanted: u32) -> u32 {
    let Some(state) = state() else {
        return wanted;
    };
    let mut held = state.lock().unwrap_or_else(PoisonError::into_inner);
    while held.slots < wanted.saturating_sub(1) && held.take() {
        held.slots += 1;
    }
    (held.slots + 1).min(wanted.max(1))
}

/// Gives back what [`share`] took. At the end of the process.
pub fn give_back() {
    if let Some(state) = state() {
        let mut held = state.lock().unwrap_or_else(PoisonError::into_inner);
        held.put();
    }
}

struct Held {
    /// None where there are only processes of one processor each.
    pipe: Option<File>,
    slots: u32,
}

impl Held {
    fn take(&mut self) -> bool {
        matches!(
            self.pipe.as_mut().map(|pipe| pipe.read(&mut [0])),
            Some(Ok(1))
        )
    }

    fn put(&mut self) {
        let bytes = vec![b'+'; usize::try_from(self.slots).unwrap_or_default()];
        if let Some(pipe) = &mut self.pipe {
            // Slots that are lost come back when everything is idle.
            let _ = pipe.write_all(&bytes);
        }
        self.slots = 0;
    }
}

fn state() -> Option<&'static Mutex<Held>> {
    static STATE: OnceLock<Option<Mutex<Held>>> = OnceLock::new();
    STATE
        .get_or_init(|| {
            let path = std::env::var_os(VARIABLE)?;
            let pipe = crom_fs::open_fifo(path).ok();
            Some(Mutex::new(Held { pipe, slots: 0 }))
        })
        .as_ref()
}
