#!/usr/bin/env bash
# Fuzzes our own parsers with libFuzzer, each for that many seconds; prints what each run did and fails on the first finding.
#     Tests/Fuzz/fuzz.sh [SECONDS] [PARSER...]
set -euo pipefail

workspace="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)"
seconds="${1:-60}"
shift || true
parsers=("$@")
[[ ${#parsers[@]} -gt 0 ]] || parsers=(idx npy npz csv safetensors recipe rows-idx rows-npy rows-npz rows-csv)
work="$(mktemp -d)"
# The readers of files have theirs in memory, where the system has such a folder.
scratch="$work"
[[ -d /dev/shm && -w /dev/shm ]] && scratch="$(mktemp -d /dev/shm/fuzz-XXXXXX)"
trap 'rm -rf "$work" "$scratch"' EXIT

data="$workspace/Packages/DataIO/Sources"
kit="$workspace/Tools/flowctl/Sources/FlowctlKit"
golden="$workspace/Packages/DataIO/Tests/DataIOTests/Golden"
printf 'module CDigest { umbrella header "%s/CDigest/include/CDigest.h" export * }\n' "$data" >"$work/CDigest.modulemap"
flags=(-O -swift-version 6 -package-name fuzz -I "$work" -sanitize=fuzzer,address -Xcc "-fmodule-map-file=$work/CDigest.modulemap")
for module in CZLIB CHDF5; do flags+=(-Xcc "-fmodule-map-file=$data/$module/module.modulemap"); done
for word in $(pkg-config --cflags hdf5-serial 2>/dev/null || pkg-config --cflags hdf5); do flags+=(-Xcc "$word"); done

include="$data/CDigest/include"
for source in "$data"/CDigest/*.c; do clang -O2 -I "$include" -c "$source" -o "$work/$(basename "$source" .c).o"; done
for module in HDF5 DataIO; do
  mapfile -t sources < <(find "$data/$module" -name '*.swift')
  swiftc -wmo -parse-as-library -enable-testing -module-name "$module" "${flags[@]}" -emit-module -emit-module-path "$work/$module.swiftmodule" \
    -c -o "$work/$module.o" "${sources[@]}"
done
# shellcheck disable=SC2046
swiftc -wmo -parse-as-library -module-name Fuzz "${flags[@]}" -o "$work/fuzz" "$workspace/Tests/Fuzz/parsers.swift" \
  "$kit"/Support/{JSONValue,JSONParser,JSONWriter,UserError}.swift "$kit/Files/Safetensors.swift" "$work"/*.o \
  $(pkg-config --libs-only-L hdf5-serial 2>/dev/null || pkg-config --libs-only-L hdf5)  2> >(grep -v "ld.gold: warning" >&2)

for parser in "${parsers[@]}"; do
  corpus="$work/$parser"
  mkdir "$corpus"
  case "${parser#rows-}" in
    idx) cp "$golden"/*.idx "$golden"/*.idx.gz "$corpus" ;;
    npy) cp "$golden"/*.npy "$corpus" ;;
    npz) cp "$golden"/*.npz "$corpus" ;;
    csv) printf 'a,"b, c"\n1,2\n3.5,-4e-2\n' >"$corpus/table" ;;
    safetensors)
      printf '\x40\0\0\0\0\0\0\0{"a": {"dtype": "U8", "shape": [2], "data_offsets": [0, 2]}}    \1\2' >"$corpus/two" ;;
    recipe) cp "$workspace"/Recipes/*.json "$corpus" ;;
  esac
  echo "== $parser"
  # Leaks are those of libFuzzer's own start-up; memory and time have limits, so that a bomb is a finding.
  (cd "$work" && FUZZ_PARSER="$parser" FUZZ_FOLDER="$scratch" ASAN_OPTIONS=detect_leaks=0 ./fuzz -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=20 \
    -print_final_stats=1 -verbosity=0 "$corpus" 2>&1) | grep -E "stat::(number_of_executed_units|average_exec|peak_rss)|ERROR|Fatal|SUMMARY|artifact" || true
  if compgen -G "$work/crash-*" >/dev/null || compgen -G "$work/oom-*" >/dev/null || compgen -G "$work/timeout-*" >/dev/null; then
    for finding in "$work"/{crash,oom,timeout}-*; do [[ -f "$finding" ]] && { echo "finding in $parser:"; xxd "$finding" | head -20; }; done
    exit 1
  fi
done
