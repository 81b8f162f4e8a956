#!/usr/bin/env bash
# Unpacks .deb files into one tree, with nothing but bash, coreutils, find, tar and xz:
# Bazel 4 cannot read .deb, and ar or dpkg need not be there.
# usage: unpack.sh TREE PRUNE_FILE DEB...
set -euo pipefail
export LC_ALL=C

# unpack_deb DEB TREE PRUNE_FILE: a .deb is an ar archive; the member data.tar.xz is what counts.
unpack_deb() {
  local deb=$1 tree=$2 prune=$3 size offset=8 header name length
  size=$(stat -c %s "$deb")
  while [ "$offset" -lt "$size" ]; do
    header=$(dd if="$deb" bs=1 skip="$offset" count=60 2>/dev/null)
    name=${header:0:16}
    name=${name%% *}
    length=${header:48:10}
    length=${length%% *}
    if [ "${name%/}" = data.tar.xz ]; then
      tail -c "+$((offset + 61))" "$deb" | head -c "$length" |
        tar -xJ -C "$tree" --no-same-owner -m --exclude-from="$prune"
      return
    fi
    offset=$((offset + 60 + length + (length & 1)))
  done
  printf 'unpack.sh: %s has no data.tar.xz\n' "$deb" >&2
  return 1
}

# An absolute link would lead out of the tree, to the machine's own files.
make_links_relative() {
  local link target up
  find . -type l -lname '/*' -printf '%P\n' | while read -r link; do
    target=$(readlink "$link")
    up=$(dirname "$link" | sed 's,[^/]*,..,g')
    ln -sfn "$up$target" "$link"
  done
}

if [ "$1" = --one ]; then
  unpack_deb "$4" "$2" "$3"
  exit
fi

tree=$1
prune=$2
shift 2
mkdir -p "$tree"
printf '%s\0' "$@" | xargs -0 -n 1 -P "$(nproc)" bash "$0" --one "$tree" "$prune"
cd "$tree"
make_links_relative
# Bazel refuses dangling links.
find . -xtype l -delete
