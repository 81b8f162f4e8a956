# Reads Bazel's execution log (--execution_log_json_file): one JSON object after the other, each
# member of an object on lines of its own. Prints for each action, separated by tabs: mnemonic,
# first output, how it ran, what Bazel calls it, whether it could come from a cache.

function text(line) {
  sub(/^[^:]*: */, "", line)
  sub(/,$/, "", line)
  gsub(/^"|"$/, "", line)
  return line
}

/^  "mnemonic": / { mnemonic = text($0) }
/^  "progressMessage": / { message = text($0) }
/^  "runner": / { runner = text($0) }
/^  "remoteCacheable": / { cacheable = text($0) }
/^  "remoteCacheHit": true/ { runner = "remote cache hit"; hit = 1 }
/^  "listedOutputs": \["/ {
  output = $0
  sub(/^[^[]*\["/, "", output)
  sub(/".*/, "", output)
}

# The end of an object; the next one may begin in the same line.
/^}/ {
  if (hit) runner = "remote cache hit"
  printf "%s\t%s\t%s\t%s\t%s\n", mnemonic, output, runner, message, cacheable
  mnemonic = output = runner = message = cacheable = hit = ""
}
