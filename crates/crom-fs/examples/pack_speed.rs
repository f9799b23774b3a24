//! Packs a folder and says how long it took: `pack_speed FOLDER ARCHIVE [LEVEL]`.

#![expect(clippy::print_stdout, reason = "its output is its purpose")]

use std::time::Instant;

use crom_fs::archive::{PackOptions, folder_entries, pack};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: pack_speed FOLDER ARCHIVE [LEVEL]";
    let folder = arguments.next().ok_or(usage)?;
    let archive = arguments.next().ok_or(usage)?;
    let level = arguments.next().map(|text| text.parse()).transpose()?;
    let start = Instant::now();
    let options = PackOptions {
        level,
        ..PackOptions::default()
    };
    let size = pack(&archive, &folder_entries(&folder)?, options)?;
    println!("{size} bytes in {:.2} s", start.elapsed().as_secs_f64());
    Ok(())
}
