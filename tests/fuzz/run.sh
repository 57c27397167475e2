#!/bin/sh
# Fuzzes one target on a stable toolchain: tests/fuzz/run.sh TARGET SECONDS. Works below tests/fuzz/target, which is not kept.
set -eu
cd "$(dirname "$0")"
target=$1
seconds=${2:-60}
triple=$(rustc -vV | sed -n 's/^host: //p')
# The pass that counts edges is part of the compiler; nothing here needs a nightly one.
export RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=3 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing"
cargo build --release --target "$triple" --bin "$target"
[ -d "target/corpus/$target" ] || python3 seeds.py target/corpus
mkdir -p "target/corpus/$target" "target/found/$target"
exec nice "target/$triple/release/$target" "target/corpus/$target" \
    -artifact_prefix="target/found/$target/" -max_total_time="$seconds" -max_len=16384 -timeout=10 -rss_limit_mb=2048 \
    -print_final_stats=1
