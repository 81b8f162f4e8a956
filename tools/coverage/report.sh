#!/usr/bin/env bash
# usage: report.sh --profiles DIR [--minimum PERCENT] [--sources "PATH..."] [--html DIR] -- PROGRAM...
# Puts together what programs wrote to DIR/*.profraw, and prints for each source how many of its
# lines ran. With --minimum it fails where too few did. Paths are of files or folders, from the
# workspace's root, which is where this runs; LLVM_TOOLS is the folder of the tools.
set -euo pipefail

die() {
  echo "report.sh: $*" >&2
  exit 2
}

profiles='' minimum=0 sources='' html=''
while [ $# -gt 0 ]; do
  case $1 in
    --profiles) profiles=$2 ;;
    --minimum) minimum=$2 ;;
    --sources) sources=$2 ;;
    --html) html=$2 ;;
    --) shift && break ;;
    *) die "unknown argument $1" ;;
  esac
  shift 2
done
[ $# -gt 0 ] || die 'no program is named'
[ -n "$(find "$profiles" -name '*.profraw' -size +0 -print -quit)" ] ||
  die "no program left a profile in $profiles: build them with --config=coverage"

tools=${LLVM_TOOLS:-external/llvm/bin}
data=$profiles/merged.profdata
"$tools/llvm-profdata" merge -sparse -o "$data" "$profiles"/*.profraw
programs=("$1")
for program in "${@:2}"; do programs+=(-object "$program"); done

"$tools/llvm-cov" export -format=lcov -instr-profile "$data" "${programs[@]}" >"$profiles/lcov"

# The exporter tells of a line once for each file that a program was built from.
awk -v minimum="$minimum" -v sources="$sources" '
  function is_wanted(path, i) {
    if (path ~ /^(external|bazel-out)\// || path ~ /^\//) return 0
    for (i = 1; i <= parts; i++) {
      if (path == part[i] || index(path, part[i] "/") == 1) return 1
    }
    return parts == 0
  }
  BEGIN { parts = split(sources, part, " ") }
  /^SF:/ { file = substr($0, 4); sub(/^(\.\/)+/, "", file); wanted = is_wanted(file) }
  /^DA:/ && wanted {
    split(substr($0, 4), field, ",")
    number = field[1] + 0
    if (!((file, number) in count)) lines[file]++
    count[file, number] += field[2]
    if (number > last[file]) last[file] = number
  }
  # Adds lines first..end - 1 to what never ran.
  function add_run(runs, first, end) {
    return runs " " first (end > first + 1 ? "-" (end - 1) : "")
  }
  END {
    printf "%-48s %6s %6s %8s  %s\n", "FILE", "LINES", "RAN", "PERCENT", "NEVER RAN"
    fflush()
    for (file in lines) {
      missing = ""
      first = 0
      for (i = 1; i <= last[file] + 1; i++) {
        is_missing = (file, i) in count && count[file, i] == 0
        if ((file, i) in count && !is_missing) ran[file]++
        if (is_missing && !first) first = i
        if (!is_missing && first) { missing = add_run(missing, first, i); first = 0 }
      }
      all += lines[file]
      reached += ran[file]
      percent = 100 * ran[file] / lines[file]
      printf "%-48s %6d %6d %7.1f%% %s\n", file, lines[file], ran[file], percent, missing | "sort"
    }
    close("sort")
    percent = all ? 100 * reached / all : 0
    printf "%-48s %6d %6d %7.1f%%\n", "all", all, reached, percent
    if (percent < minimum) {
      printf "too few lines ran: %.1f%%, but %d%% are wanted; ", percent, minimum
      print "write a test that reaches those in the last column"
      exit 1
    }
  }' "$profiles/lcov"

if [ -n "$html" ]; then
  "$tools/llvm-cov" show -format=html -output-dir="$html" -instr-profile "$data" \
    -ignore-filename-regex='^/|^external/|^bazel-out/' "${programs[@]}" >"$profiles/show.log"
  echo "pages: $html/index.html"
fi
