# Prints what an action or a test may reach: "none", "network", or "no sandbox" on a machine that
# does not let Bazel isolate actions (a container without privileges, say).
#
# Connecting a datagram socket sends nothing: it only asks for a way to the address, which is one
# that documentation uses and nobody has.
case $PWD in
  */linux-sandbox/*)
    if (exec 3<>/dev/udp/192.0.2.1/9) 2>/dev/null; then echo network; else echo none; fi
    ;;
  *) echo "no sandbox" ;;
esac
