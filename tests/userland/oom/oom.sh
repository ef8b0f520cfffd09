#!/bin/sh
# The machine runs out of memory in many ways, one after the other; who took
# the most is killed, and this shell goes on.
PATH=$PATH:/test/bin
oom || echo "oom ended with $?"
[ "$(echo alive | cat)" = alive ] && echo "the shell answers"
