#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=tools/copies/copies.sh
. tools/copies/copies.sh
root=$PWD

usage() {
  cat <<'END'
usage: tools/bazel run //tools/reproducible [-- [--online] [TARGET...]]

Builds the image from two copies of the working tree and compares every byte.

The copies lie in two folders, with paths of different length, and have an output base each. They
share downloaded packages and no result of any action: compilers run, tools are built, both times.
The second build has another user name, home, umask, time zone and locale, stray variables that
compilers obey, and, where this machine permits it, no network.

TARGET     what to build; default //:image, and //:iso where the tree has it
--online   leaves the network to the second build, too

Prints the SHA-256 of each result and of each cell in the archive, and whether all other files
that actions made are the same. Exit status: 0 identical, 1 not (the first differing section of each
differing cell is named), 2 usage.
END
}

# default_targets: what boots.
default_targets() {
  echo //:image
  (cd "$workspace" && tools/bazel query --noshow_progress 'filter("^//:iso$", //:all)') 2>/dev/null ||
    true
}

# cut_network: sets $cut to the words before a command that is to have no network.
cut_network() {
  cut=()
  if [ "$online" = yes ]; then return; fi
  if unshare --net true 2>/dev/null; then
    cut=(unshare --net)
  elif unshare --map-root-user --net true 2>/dev/null; then
    cut=(unshare --map-root-user --net)
  else
    echo "This machine permits no network namespace, so the second build keeps the network."
  fi
}

# loopback_up: the one interface that Bazel's client needs to reach its own server.
loopback_up() {
  # AF_INET, SOCK_DGRAM; SIOCSIFFLAGS of a struct ifreq with IFF_UP and IFF_RUNNING.
  perl -e 'socket(my $socket, 2, 2, 0) or die "socket: $!";
    my $request = pack("a16 s x22", "lo", 0x41);
    ioctl($socket, 0x8914, $request) or die "lo: $!"'
}

# strange ARGS...: builds the second copy in surroundings that must not matter.
strange() {
  (
    umask 027
    export HOME=$copies/$second/home USER=somebody LOGNAME=somebody
    export TZ=Pacific/Kiritimati LC_ALL=C.UTF-8 LANG=tr_TR.UTF-8 SOURCE_DATE_EPOCH=1
    export CPATH=/nonexistent C_INCLUDE_PATH=/nonexistent LIBRARY_PATH=/nonexistent CFLAGS=-O0
    mkdir -p "$HOME"
    copy_build "$second" "$@"
  )
}

# build_offline: fetches and analyses with the network, stops the server, executes without network.
build_offline() {
  strange --nobuild "${flags[@]}" "${targets[@]}"
  copy_stop "$second"
  export workspace copies copies_program copies_downloads second
  export -f copies_fail copy_bazel copy_build loopback_up strange
  "${cut[@]}" bash -euo pipefail -c '
    loopback_up
    if (exec 3<>/dev/udp/192.0.2.1/9) 2>/dev/null; then
      copies_fail "the network is still there"
    fi
    strange "$@"' bash "${flags[@]}" "${targets[@]}"
}

build_both() {
  printf 'first   %s\n' "$copies/$first/tree"
  copy_build "$first" "${flags[@]}" "${targets[@]}"
  copy_stop "$first"
  printf '        %s\n' "$(processes "$first")"
  printf 'second  %s%s\n' "$copies/$second/tree" "${cut:+, without network}"
  if [ ${#cut[@]} -gt 0 ]; then
    build_offline
  else
    strange "${flags[@]}" "${targets[@]}"
  fi
  copy_stop "$second"
  printf '        %s\n\n' "$(processes "$second")"
}

# processes COPY: how many actions ran there, as Bazel counts them.
processes() {
  sed -n 's/^INFO: \([0-9]* processes: .*\)/\1/p; s/^INFO: Elapsed time: \([0-9.]*s\).*/\1/p' \
    "$copies/$1/log" | paste -sd ' '
}

online=no
targets=()
for word; do
  case $word in
    --help) usage && exit ;;
    --online) online=yes ;;
    -*) usage >&2 && exit 2 ;;
    *) targets+=("$word") ;;
  esac
done
copies_begin reproducible
if [ ${#targets[@]} -eq 0 ]; then mapfile -t targets < <(default_targets); fi
cut_network

first=a
second=b-in-a-folder-with-a-longer-name
# No result comes from elsewhere.
flags=(--disk_cache= --remote_cache=)
copy_make "$first"
copy_make "$second"
build_both
[ "$(copy_outputs "$first")" = "$(copy_outputs "$second")" ] ||
  copies_fail "the two builds made files of different names"
mapfile -t outputs < <(copy_outputs "$first")
"$root/tools/reproducible/compare.sh" "$copies/$first/tree" "$copies/$second/tree" "${outputs[@]}"
