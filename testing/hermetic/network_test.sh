#!/usr/bin/env bash
# What network.sh found in an action, and what it finds here.
set -euo pipefail
cd testing/hermetic

# expect_none WHERE FOUND
expect_none() {
  case $2 in
    none) ;;
    "no sandbox") echo "$1: this machine does not let Bazel isolate actions, so nothing was shown" ;;
    *)
      echo "$1: a socket finds a way out ('$2'); .bazelrc must say --sandbox_default_allow_network=false"
      exit 1
      ;;
  esac
}

expect_none "the action" "$(cat network_in_action.txt)"
expect_none "the test" "$(bash network.sh)"
