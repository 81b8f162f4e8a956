#!/usr/bin/env bash
# Prints the lock of one tree: every package it needs, with the SHA-256 that the
# archive's signed index gives for it. Needs bash and apt, no privileges.
#
# The answer must not depend on the machine, so apt sees an empty package
# database and an empty archive cache: with the machine's own, it would leave out
# what happens to be installed or downloaded here.
set -euo pipefail
export LC_ALL=C

die() {
  printf 'third_party/resolve.sh: %s\n' "$*" >&2
  exit 1
}

usage='usage: third_party/resolve.sh FILE.tree'
[ $# -eq 1 ] || die "$usage"
tree_file=$1
[ -r "$tree_file" ] || die "cannot read $tree_file; $usage"
tree=${tree_file##*/}
tree=${tree%.tree}
suite=bookworm
keyring=${DEBIAN_KEYRING:-/usr/share/keyrings/debian-archive-keyring.gpg}

{ command -v apt-get && command -v apt-cache; } >/dev/null ||
  die "apt is missing; resolve tree '$tree' on a Debian machine and commit third_party/locks/$tree.lock.json"
[ -r "$keyring" ] ||
  die "$keyring is missing, so no index can be verified; install debian-archive-keyring or set DEBIAN_KEYRING"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# words KEY: the values of the lines "KEY VALUE" of the tree file.
words() {
  sed -n "s/[[:space:]]*#.*//; s/^$1[[:space:]][[:space:]]*\([^[:space:]]*\).*/\1/p" "$tree_file"
}

mapfile -t roots < <(words root)
mapfile -t drops < <(words drop)
mapfile -t archives < <(words archive)
[ ${#roots[@]} -gt 0 ] || die "$tree_file names no root package"
[ ${#archives[@]} -gt 0 ] || die "$tree_file names no archive"

# base ARCHIVE: address below which pool/ and dists/ of "debian" or "debian-security" lie.
base() {
  local found
  if [ -n "${DEBIAN_MIRROR:-}" ]; then
    printf '%s\n' "${DEBIAN_MIRROR%/}${1#debian}"
    return
  fi
  # shellcheck disable=SC2016  # for apt, not for the shell
  found=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' |
    sed 's,/*$,,' | grep -E "/$1\$" | head -n 1) || true
  [ -n "$found" ] || die "this machine's apt configuration names no archive '$1'; set DEBIAN_MIRROR"
  printf '%s\n' "$found"
}

sources() {
  local archive dist address
  for archive in "${archives[@]}"; do
    case $archive in
      debian) dist=$suite ;;
      debian-security) dist=$suite-security ;;
      *) die "$tree_file: unknown archive '$archive'; use debian or debian-security" ;;
    esac
    address=$(base "$archive")
    printf 'deb [arch=amd64 signed-by=%s] %s %s main\n' "$keyring" "$address" "$dist"
  done
}

# Files of the security archive are replaced by each update, those of the main
# archive no longer change: whatever both have is taken from the main one.
preferences() {
  printf 'Package: *\nPin: release l=Debian-Security\nPin-Priority: 100\n'
}

mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/cache"
: >"$work/status"
sources >"$work/sources.list"
preferences >"$work/preferences"
# Hooks of the machine (container images have some) are not ours to run.
printf '#clear APT::Update::Post-Invoke;\n#clear APT::Update::Post-Invoke-Success;\n' >"$work/apt.conf"
options=(
  -c "$work/apt.conf"
  -o Dir::State::status="$work/status"
  -o Dir::State::lists="$work/lists"
  -o Dir::Cache="$work/cache"
  -o Dir::Cache::archives="$work/archives"
  -o Dir::Etc::sourcelist="$work/sources.list"
  -o Dir::Etc::sourceparts=/dev/null
  -o Dir::Etc::preferences="$work/preferences"
  -o Dir::Etc::preferencesparts=/dev/null
  -o APT::Architecture=amd64
  -o APT::Architectures=amd64
  -o APT::Install-Recommends=0
  -o APT::Install-Suggests=0
  -o APT::Get::AllowUnauthenticated=0
  -o Acquire::AllowInsecureRepositories=0
  -o Acquire::Languages=none
  -o APT::Sandbox::User="$(id -un)"
)

# The machine's own index saves downloading what has not changed.
cp -p /var/lib/apt/lists/*_"$suite"* "$work/lists/" 2>/dev/null || true
if ! apt-get -q "${options[@]}" update -o APT::Update::Error-Mode=any >"$work/update.log" 2>&1; then
  cat "$work/update.log" >&2
  die "the package index cannot be read from the mirror; check the network, or set DEBIAN_MIRROR to a reachable one"
fi

# dropped PACKAGE: whether a drop pattern names it and no root does.
dropped() {
  local word
  for word in "${roots[@]}"; do [ "$word" = "$1" ] && return 1; done
  for word in "${drops[@]}"; do
    # shellcheck disable=SC2254  # the pattern is meant as a pattern
    case $1 in $word) return 0 ;; esac
  done
  return 1
}

apt-get -qq "${options[@]}" --print-uris -y install "${roots[@]}" >"$work/uris" 2>"$work/error" ||
  { cat "$work/error" >&2; die "tree '$tree' cannot be resolved from ${archives[*]}"; }

wanted=()
while read -r _ file _; do
  package=${file%%_*}
  version=${file#*_}
  version=${version%_*}
  version=${version//%3a/:}
  dropped "$package" || wanted+=("$package=$version")
done <"$work/uris"

# One call for all packages: one call each takes twenty times as long.
apt-cache "${options[@]}" show "${wanted[@]}" >"$work/records"

# The index's record may stand in two archives; the first one belongs to the candidate.
records() {
  awk '
    /^Package: / { package = $2 }
    /^Version: / { version = $2 }
    /^Filename: / { path = $2 }
    /^SHA256: / { sha256 = $2 }
    /^Size: / { size = $2 }
    /^$/ { emit() }
    END { emit() }
    function emit() {
      if (package == "" || package in seen) { package = ""; return }
      seen[package] = 1
      archive = path ~ /^pool\/updates\// ? "debian-security" : "debian"
      printf "    {\"package\": \"%s\", \"version\": \"%s\", \"archive\": \"%s\", \"path\": \"%s\", \"sha256\": \"%s\", \"size\": %s}\n",
             package, version, archive, path, sha256, size
      package = ""
    }' "$work/records" | sort
}

records >"$work/packages"
[ "$(wc -l <"$work/packages")" -eq ${#wanted[@]} ] ||
  die "the index describes $(wc -l <"$work/packages") of the ${#wanted[@]} packages of tree '$tree'"

printf '{\n  "tree": "%s",\n  "suite": "%s",\n  "packages": [\n' "$tree" "$suite"
sed '$!s/$/,/' "$work/packages"
printf '  ]\n}\n'
