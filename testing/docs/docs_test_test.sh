#!/usr/bin/env bash
# That docs_test.sh finds what it is for, in a tree that is made wrong in one place at a time.
set -euo pipefail

script=$PWD/testing/docs/docs_test.sh

# A tree in which everything is right.
make_tree() {
  tree=$(mktemp -d "$TEST_TMPDIR/tree.XXXXXX")
  local folder
  for folder in cells/keymap patterns {nano_core,testing,tools,third_party,platforms}/part; do
    mkdir -p "$tree/docs" "$tree/$folder"
    echo '# Part' >"$tree/$folder/README.md"
  done
  printf '# Top\n\n## A part\n\n[cells](cells/README.md) [here](#a-part)\n' >"$tree/README.md"
  printf '| cell | does |\n| --- | --- |\n| `keymap` | keys |\n' >"$tree/cells/README.md"
  echo 'host_test(name = "keymap_test")' >"$tree/cells/keymap/BUILD.bazel"
  seq 1 93 | sed 's/.*/| & | a claim | not yet |/' >"$tree/docs/paper.md"
  sed -i '5s|not yet|`//cells/keymap:keymap_test`|' "$tree/docs/paper.md"
}

run() { "$script" "$1" "$tree" 2>"$TEST_TMPDIR/errors"; }

# finds CHECK WORDS: the check fails and says so.
finds() {
  if run "$1"; then
    echo "$1: accepted, though: $2"
    exit 1
  fi
  grep -qF -- "$2" "$TEST_TMPDIR/errors" || {
    echo "$1: does not say: $2"
    cat "$TEST_TMPDIR/errors"
    exit 1
  }
}

make_tree
for check in cells links paper readmes; do
  run "$check" || { echo "$check: refuses what is right"; cat "$TEST_TMPDIR/errors"; exit 1; }
done

make_tree
rm "$tree/cells/README.md"
finds links 'leads nowhere'

make_tree
sed -i 's/## A part/## B part/' "$tree/README.md"
finds links 'has no heading #a-part'

make_tree
sed -i 7d "$tree/docs/paper.md"
finds paper 'row 7 is not there'

make_tree
sed -i '7s/| 7 |/| 8 |/' "$tree/docs/paper.md"
finds paper 'row 8 is not there'

make_tree
sed -i '9s/not yet//' "$tree/docs/paper.md"
finds paper 'row 9 names neither'

make_tree
echo >"$tree/cells/keymap/BUILD.bazel"
finds paper 'is no target'

make_tree
mkdir "$tree/cells/console"
finds cells 'no line for console'

make_tree
echo '| `console` | screen |' >>"$tree/cells/README.md"
finds cells 'no cell console'

make_tree
rm "$tree/nano_core/part/README.md"
finds readmes 'no README.md'
