# shellcheck shell=bash
# Copies of the working tree, each built by a Bazel server of its own. To be sourced by a program
# of `tools/bazel run`; README.md lists the functions.
set -euo pipefail

# copies_begin NAME: finds the workspace, and makes the folder $copies, which is gone at the end.
copies_begin() {
  workspace=${BUILD_WORKSPACE_DIRECTORY:?run it as: tools/bazel run //tools/$1}
  copies_program=//tools/$1
  copies_processes=()
  # Output bases are large, and /tmp may lie in memory.
  copies=$(mktemp -d "${TMPDIR:-/var/tmp}/theseus-$1.XXXXXX")
  trap copies_end EXIT
  trap 'exit 130' INT TERM HUP
  # Packages that were downloaded once are not downloaded again.
  copies_downloads=$(cd "$workspace" && tools/bazel info repository_cache 2>/dev/null) ||
    copies_fail "Bazel cannot tell its repository cache; try: tools/bazel info repository_cache"
}

# Stops the servers and removes the copies, however the program ends.
copies_end() {
  local status=$? copy
  trap - EXIT INT TERM HUP
  if [ ${#copies_processes[@]} -gt 0 ]; then kill "${copies_processes[@]}" 2>/dev/null || true; fi
  for copy in "$copies"/*/; do
    copy_stop "$(basename "$copy")"
  done
  # What was unpacked may be read-only.
  find "$copies" -type d ! -perm -u+w -exec chmod u+w {} +
  rm -rf "$copies"
  exit "$status"
}

copies_fail() {
  printf '%s: %s\n' "$copies_program" "$*" >&2
  exit 1
}

# The names of the tree's files, uncommitted ones too, each ended by a zero byte.
copies_files() {
  local file
  if [ -e .git ] && git rev-parse --git-dir >/dev/null 2>&1; then
    git ls-files -z --cached --others --exclude-standard | sort -zu
  else
    find . \( -name .git -o -path './bazel-*' -o -name .cache -o -name user.bazelrc \) -prune -o \
      \( -type f -o -type l \) -print0
  fi | while IFS= read -r -d '' file; do
    # git still names what was deleted but not committed yet.
    if [ -e "$file" ] || [ -L "$file" ]; then printf '%s\0' "$file"; fi
  done
}

# copy_make COPY: copies the tree to $copies/COPY/tree; the files' times are those of the copying.
copy_make() {
  mkdir -p "$copies/$1/tree"
  (cd "$workspace" && copies_files | tar -c --no-recursion --null -T - -f -) |
    tar -x -m -C "$copies/$1/tree" -f -
}

# copy_bazel COPY COMMAND ARGS...: runs Bazel there. Settings of one's own do not count.
copy_bazel() {
  local copy=$copies/$1 command=$2
  shift 2
  (
    cd "$copy/tree"
    tools/bazel --nohome_rc "--output_base=$copy/output" --host_jvm_args=-Xmx1g \
      --max_idle_secs=600 "$command" "$@"
  )
}

# copy_build COPY ARGS...: builds there, in a log; prints the log's end if that fails.
copy_build() {
  local copy=$1
  shift
  copy_bazel "$copy" build --color=no --curses=no --noshow_progress --show_result=20 \
    "--repository_cache=$copies_downloads" "$@" >"$copies/$copy/log" 2>&1 || {
    tail -n 40 "$copies/$copy/log" >&2
    copies_fail "the build of the copy failed; does it work here? tools/bazel build ${*: -1}"
  }
}

# copy_outputs COPY: the files that the last build named as its results.
copy_outputs() {
  sed -n 's/^  \(bazel-bin\/.*\)$/\1/p' "$copies/$1/log" | LC_ALL=C sort -u
}

# copy_stop COPY: ends its server, also one in another network namespace.
copy_stop() {
  local output=$copies/$1/output pid tries
  pid=$(cat "$output/server/server.pid.txt" 2>/dev/null) || return 0
  # The number may belong to another process by now.
  tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "$output" || return 0
  kill "$pid" 2>/dev/null || return 0
  for tries in $(seq 100); do
    [ -e "/proc/$pid" ] || return 0
    sleep 0.1
  done
  echo "$copies_program: Bazel's server $pid did not end within $((tries / 10)) seconds" >&2
}
