//! Any text can be parsed, and what comes out points into it.

#![no_main]

use docgate::python::{decode, parse};
use docgate_fuzz::{sound, text_of};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    // Bytes as they are on a disk: an answer, never a panic.
    let _ = decode(data);
    sound(&parse(&text_of(data)));
});
