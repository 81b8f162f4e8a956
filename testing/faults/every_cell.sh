#!/usr/bin/env bash
# Writes a script for //:theseus: every_cell.sh MANIFEST KIND...
# Each cell of the manifest fails by each kind while all loads run. What the loads call fails by
# their calls; commands are typed besides, with words that they refuse.
set -euo pipefail

manifest=$1
shift
# Called by nobody while the loads run.
idle='^(completion)$'

echo "work start"
echo "@sleep 1000"
grep -v '^#' "$manifest" | grep -v 'alternative' | awk 'NF { print $1 }' |
  sed 's/^scheduler_policy_.*/scheduler_policy/' | while read -r cell; do
  [[ $cell =~ $idle ]] && continue
  echo "# $cell"
  for kind; do
    echo "fault $cell $kind"
    case $cell in
      command_fault) echo "! fault ? ? ? ? ? ?" ;;
      command_*) echo "! ${cell#command_} ? ? ? ? ? ?" ;;
    esac
  done
  # Some are called some ten times a second only, and this one more seldom still.
  each=100
  [ "$cell" != real_time_clock ] || each=1500
  echo "@sleep $((1000 + each * $#))"
  echo "swap $cell"
  echo "@expect swap $cell"
  echo "faults"
  for kind; do
    echo "@match ^[0-9]+ +[0-9-]+ +$cell .*; ordered: $kind\$"
  done
done
echo "@sleep 1500"
echo "work report"
echo "work stop"
