#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| shiguan_fuzz::try_one("inspect", input));
