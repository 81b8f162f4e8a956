#!/usr/bin/env bash
# resolve.sh with a fake apt: what it writes, and what it says when it cannot.
set -euo pipefail

resolve=$PWD/third_party/resolve.sh
work=$TEST_TMPDIR/work
bin=$work/bin
mkdir -p "$bin"
touch "$work/keyring"
export DEBIAN_KEYRING=$work/keyring FAKE=$work
export PATH=$bin:$PATH
unset DEBIAN_MIRROR

cat >"$work/small.tree" <<'END'
archive debian
archive debian-security  # for one package
root tool
drop *-doc  # nobody reads it
END

# A fake apt-get that notes its arguments and answers from files.
cat >"$bin/apt-get" <<'END'
#!/bin/sh
echo "apt-get $*" >>"$FAKE/calls"
case "$*" in
  *indextargets*) printf 'http://mirror.invalid/debian/\nhttp://mirror.invalid/debian-security/\n' ;;
  *update*)
    for word; do case $word in Dir::Etc::sourcelist=*) cp "${word#*=}" "$FAKE/sources" ;; esac; done
    [ ! -e "$FAKE/no-network" ] || { echo "E: cannot connect" >&2; exit 100; }
    ;;
  *--print-uris*)
    [ ! -e "$FAKE/unresolvable" ] || { echo "E: Unable to locate package tool" >&2; exit 100; }
    printf "'u' %s 10 \n" tool_1%3a2.0-1_amd64.deb libtool_3_amd64.deb tool-doc_2.0-1_all.deb
    ;;
esac
END
cat >"$bin/apt-cache" <<'END'
#!/bin/sh
echo "apt-cache $*" >>"$FAKE/calls"
cat "$FAKE/records"
END
chmod +x "$bin"/apt-*

# record NAME VERSION PATH HASH
record() {
  printf 'Package: %s\nVersion: %s\nFilename: %s\nSHA256: %064d\nSize: 10\n\n' "$@"
}
{
  record tool 1:2.0-1 pool/updates/main/t/tool/tool_2.0-1_amd64.deb 1
  record libtool 3 pool/main/libt/libtool/libtool_3_amd64.deb 2
} >"$work/records"

fail() {
  echo "$*"
  exit 1
}

# refuses TEXT [TREE_FILE]: resolve.sh fails, says TEXT and prints no lock.
refuses() {
  local status=0
  "$resolve" "${2:-$work/small.tree}" >"$work/out" 2>"$work/err" || status=$?
  [ "$status" -ne 0 ] || fail "'$1': it succeeded"
  grep -q -- "$1" "$work/err" || fail "'$1' is missing in: $(cat "$work/err")"
  [ ! -s "$work/out" ] || fail "'$1': it printed a lock"
}

# The lock: dropped packages left out, archives told apart, sorted.
"$resolve" "$work/small.tree" >"$work/lock"
diff - "$work/lock" <<END || fail "another lock was expected"
{
  "tree": "small",
  "suite": "bookworm",
  "packages": [
    {"package": "libtool", "version": "3", "archive": "debian", "path": "pool/main/libt/libtool/libtool_3_amd64.deb", "sha256": "$(printf %064d 2)", "size": 10},
    {"package": "tool", "version": "1:2.0-1", "archive": "debian-security", "path": "pool/updates/main/t/tool/tool_2.0-1_amd64.deb", "sha256": "$(printf %064d 1)", "size": 10}
  ]
}
END

# Independent of the machine, and never unsigned.
for option in Dir::State::status= Dir::Cache::archives= APT::Get::AllowUnauthenticated=0 \
  Acquire::AllowInsecureRepositories=0 Dir::Etc::sourceparts=/dev/null; do
  grep -- '--print-uris' "$work/calls" | grep -q -- "$option" || fail "apt-get runs without $option"
done
grep -q "signed-by=$work/keyring.* http://mirror.invalid/debian-security bookworm-security main" "$work/sources" ||
  fail "the security archive is missing in: $(cat "$work/sources")"

# DEBIAN_MIRROR replaces the machine's mirror, for both archives.
DEBIAN_MIRROR=http://other.invalid/debian/ "$resolve" "$work/small.tree" >/dev/null
grep -q ' http://other.invalid/debian bookworm main' "$work/sources" || fail "DEBIAN_MIRROR is not used"
grep -q ' http://other.invalid/debian-security bookworm-security' "$work/sources" ||
  fail "DEBIAN_MIRROR is not used for the security archive"

refuses 'usage: ' "$work/absent.tree"
printf 'archive debian\n' >"$work/empty.tree"
refuses 'names no root package' "$work/empty.tree"
printf 'root tool\n' >"$work/nowhere.tree"
refuses 'names no archive' "$work/nowhere.tree"
printf 'archive ppa\nroot tool\n' >"$work/foreign.tree"
refuses "unknown archive 'ppa'" "$work/foreign.tree"
touch "$work/no-network"
refuses 'check the network, or set DEBIAN_MIRROR'
rm "$work/no-network"
touch "$work/unresolvable"
refuses "tree 'small' cannot be resolved"
rm "$work/unresolvable"
record tool 1:2.0-1 pool/main/t/tool/tool_2.0-1_amd64.deb 1 >"$work/records"
refuses 'describes 1 of the 2 packages'
DEBIAN_KEYRING=/nonexistent refuses 'no index can be verified'
sed -i 's,http://mirror.invalid/debian,http://mirror.invalid/ubuntu,g' "$bin/apt-get"
refuses "names no archive 'debian'; set DEBIAN_MIRROR"
rm "$bin/apt-get" "$bin/apt-cache"
ln -s "$(command -v bash)" "$(command -v id)" "$bin/"
PATH=$bin:$(dirname "$(command -v mktemp)") # may hold a real apt, so hide it:
hash -r
if ! command -v apt-get >/dev/null; then refuses 'apt is missing'; fi
