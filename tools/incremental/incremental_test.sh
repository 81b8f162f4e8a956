#!/usr/bin/env bash
# incremental.sh with a fake Bazel, whose log has what an edit must run, or something else.
set -euo pipefail

work=$TEST_TMPDIR/work
tree=$work/tree
archive=$PWD/tools/archive/archive
export BUILD_WORKSPACE_DIRECTORY=$tree TMPDIR=$work/tmp HOME=$work ARCHIVE=$archive WORK=$work
mkdir -p "$tree/tools" "$tree/cells/keymap" "$TMPDIR"
printf '// keys\nint keymap_translate(int key) {\n  return key;\n}\n' >"$tree/cells/keymap/keymap.c"
echo 'int keymap_translate(int key);' >"$tree/cells/keymap/keymap.h"

# The object of a cell is its source without comments, so that it changes as a real one does. What
# runs in which step stands in $WORK/touch, comment, code and header: lines MNEMONIC OUTPUT.
cat >"$tree/tools/bazel" <<'END'
#!/usr/bin/env bash
set -euo pipefail
action() {
  printf '{\n  "listedOutputs": ["bazel-out/x/bin/%s"],\n  "progressMessage": "%s",\n' "$2" "$1"
  printf '  "mnemonic": "%s",\n  "remoteCacheable": true\n}' "$1"
}
step=
for word; do
  case $word in
    info) echo "$WORK/downloads" ;;
    --execution_log_json_file=*) step=$(basename "${word#*=}" .json) log=${word#*=} ;;
    *rdeps*1*) cat "$WORK/clients" ;;
    *rdeps*keymap.h*) cat "$WORK/sees" ;;
  esac
done
case " $* " in *" build "*) ;; *) exit 0 ;; esac
mkdir -p bazel-bin/image
grep -v '^//' cells/keymap/keymap.c >keymap.o
cat "$WORK/log.o" >log.o
printf 'keymap  keys\nlog  lines\n' >manifest
"$ARCHIVE" create --manifest manifest -o bazel-bin/image/cells.cpio keymap=keymap.o log=log.o
if [ -n "$step" ]; then
  while read -r mnemonic output; do action "$mnemonic" "$output"; done <"$WORK/$step" >"$log"
  if [ -e "$WORK/$step.log.o" ]; then
    cp "$WORK/$step.log.o" "$WORK/log.o"
    "$ARCHIVE" create --manifest manifest -o bazel-bin/image/cells.cpio keymap=keymap.o log="$WORK/log.o"
  fi
fi
echo 'INFO: Elapsed time: 1.0s, Critical Path: 0.1s'
END
chmod +x "$tree/tools/bazel"

# steps: what must run.
steps() {
  rm -f "$work"/*.log.o
  echo lines >"$work/log.o"
  : >"$work/touch"
  local mnemonic
  for mnemonic in CellCheck CellLink CellObjcopy CppCompile CppLink Fingerprint; do
    echo "$mnemonic cells/keymap/$mnemonic"
  done >"$work/comment"
  {
    cat "$work/comment"
    printf 'CellObject cells/keymap/keymap.o\nImageArchive image/cells.cpio\n'
    echo 'ImageHashes image/image.sha256'
  } >"$work/code"
  {
    cat "$work/comment"
    sed 's/keymap/shell/' "$work/comment"
    printf 'CellCheck cells/editor/x\nFingerprint cells/editor/y\n'
  } >"$work/header"
  echo //cells/shell:shell.cell >"$work/clients"
  printf '//cells/%s.cell\n' keymap:keymap shell:shell editor:editor >"$work/sees"
}

fail() {
  echo "$*"
  cat "$work/out"
  exit 1
}

run() {
  status=0
  tools/incremental/incremental "$@" >"$work/out" 2>&1 || status=$?
}

# wrong TEXT: the program fails, and says TEXT.
wrong() {
  run
  [ "$status" -eq 1 ] || fail "'$1': exit status $status"
  grep -qF -- "WRONG: $1" "$work/out" || fail "it does not say: $1"
  grep -q '^NOT INCREMENTAL' "$work/out" || fail "no verdict"
}

steps
run
[ "$status" -eq 0 ] || fail "what must run: exit status $status"
grep -q '^touch: 0 actions' "$work/out" || fail "touch"
grep -q '^code: 9 actions' "$work/out" || fail "code"
grep -q 'changed in the archive: keymap.o$' "$work/out" || fail "the changed object is not named"
[ -z "$(ls -A "$TMPDIR")" ] || fail "left over: $(find "$TMPDIR")"

steps
echo 'CppCompile cells/keymap/keymap.o' >"$work/touch"
wrong 'not needed for this edit: CppCompile cells/keymap/keymap.o'

steps
echo 'CellObject cells/shell/shell.o' >>"$work/code"
wrong 'not needed for this edit: CellObject cells/shell/shell.o'

steps
echo 'ImageCore image/nano_core.elf' >>"$work/code"
wrong 'not needed for this edit: ImageCore image/nano_core.elf'

steps
sed -i /Fingerprint/d "$work/code"
wrong 'Fingerprint did not run exactly once'

steps
echo other >"$work/comment.log.o"
wrong 'a comment changed the image'

steps
echo other >"$work/code.log.o"
wrong 'changed in the archive: keymap.o log.o; expected: keymap.o'

steps
sed -i '/CppCompile cells.shell/d' "$work/header"
wrong 'the cells that were compiled are not the cell and its clients'

steps
echo 'CppCompile cells/editor/editor.o' >>"$work/header"
wrong 'not needed for this edit: CppCompile cells/editor/editor.o'

steps
echo 'CellCheck cells/log/x' >>"$work/header"
wrong 'the cells that were checked are not those that may see the header'

run absent
[ "$status" -eq 1 ] || fail "an absent cell: exit status $status"
grep -q 'there is no cells/absent/absent.c' "$work/out" || fail "an absent cell: no reason"
run --unknown
[ "$status" -eq 2 ] || fail "an unknown option: exit status $status"
