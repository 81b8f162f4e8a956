# shellcheck shell=bash
# The pinned nginx as a cache of build results, on this machine only. To be sourced in the root of
# the runfiles of a program or test that has @nginx.

# server_configuration STORE FOLDER PORT: prints nginx's configuration.
server_configuration() {
  # A server that root starts would look for a user of its own.
  if [ "$(id -u)" -eq 0 ]; then echo 'user root root;'; fi
  sed -e "s,@STORE@,$1,; s,@FOLDER@,$2,; s,@PORT@,$3," tools/remote_cache/nginx.conf
}

server_answers() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# server_try STORE FOLDER PORT: starts the server; sets $server to its process. Its messages go to
# FOLDER/errors. Fails if it does not start, as when the port is taken.
server_try() {
  mkdir -p "$1" "$2"
  if server_answers "$3"; then
    echo "port $3 is taken" >"$2/errors"
    return 1
  fi
  server_configuration "$1" "$2" "$3" >"$2/nginx.conf"
  external/nginx/bin/nginx -e stderr -p "$2" -c "$2/nginx.conf" 2>"$2/errors" &
  server=$!
  while ! server_answers "$3"; do
    kill -0 "$server" 2>/dev/null || return 1
    sleep 0.1
  done
}

# server_start STORE FOLDER [PORT]: the same, on a free port if none is given; sets $port.
server_start() {
  local tries
  port=${3:-}
  if [ -n "$port" ]; then
    server_try "$1" "$2" "$port"
    return
  fi
  for tries in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 10000))
    if server_try "$1" "$2" "$port"; then return; fi
  done
  echo "tried $tries ports" >>"$2/errors"
  return 1
}
