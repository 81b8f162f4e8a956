#!/bin/sh
# usage: graph_check.sh cycles|intent|picture: one check of the default image.
exec tools/graph/graph --check "$1"
