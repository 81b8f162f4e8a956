#!/usr/bin/env bash
# unpack.sh on packages made here: contents, pruning, links, and a damaged package.
set -euo pipefail

unpack=$PWD/third_party/unpack.sh
cd "$TEST_TMPDIR"

fail() {
  echo "$*"
  exit 1
}

# member NAME FILE: one member of an ar archive.
member() {
  printf '%-16s%-12s%-6s%-6s%-8s%-10s`\n' "$1" 0 0 0 100644 "$(stat -c %s "$2")"
  cat "$2"
  [ $(($(stat -c %s "$2") % 2)) -eq 0 ] || printf '\n'
}

mkdir -p root/usr/lib root/usr/share/doc root/lib64
echo library >root/usr/lib/a.so
echo text >root/usr/share/doc/README
ln -s /usr/lib/a.so root/lib64/absolute.so
ln -s a.so root/usr/lib/relative.so
ln -s /usr/lib/absent.so root/usr/lib/dangling.so
tar -C root -cJf data.tar.xz .
printf '2.0\n' >debian-binary
printf 'odd' >control.tar.xz # an odd length is padded in the archive
{
  printf '!<arch>\n'
  member debian-binary debian-binary
  member control.tar.xz control.tar.xz
  member data.tar.xz data.tar.xz
} >good.deb
echo ./usr/share/doc >prune

bash "$unpack" tree prune good.deb
[ "$(cat tree/usr/lib/a.so)" = library ] || fail "a file is missing"
[ ! -e tree/usr/share/doc ] || fail "a pruned folder is there"
[ "$(readlink tree/lib64/absolute.so)" = ../usr/lib/a.so ] || fail "an absolute link leads out of the tree"
[ "$(readlink tree/usr/lib/relative.so)" = a.so ] || fail "a relative link was changed"
[ ! -L tree/usr/lib/dangling.so ] || fail "a dangling link is there"

{
  printf '!<arch>\n'
  member debian-binary debian-binary
} >empty.deb
if bash "$unpack" tree2 prune empty.deb 2>err; then fail "a package without data was accepted"; fi
grep -q 'empty.deb has no data.tar.xz' err || fail "no reason was given: $(cat err)"
head -c 300 good.deb >short.deb
if bash "$unpack" tree3 prune short.deb 2>/dev/null; then fail "a truncated package was accepted"; fi
