#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| lodemark_fuzz::proof(data));
