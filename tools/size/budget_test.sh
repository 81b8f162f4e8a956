#!/bin/sh
# The sizes of the default image against tools/size/budgets.txt.
exec tools/size/size --check
