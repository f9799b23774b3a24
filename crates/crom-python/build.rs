//! The facade under `python/` is compiled to bytecode by a macro, which doesn't tell cargo what it
//! reads.

fn main() {
    println!("cargo:rerun-if-changed=python");
    println!("cargo:rerun-if-changed=build.rs");
}
