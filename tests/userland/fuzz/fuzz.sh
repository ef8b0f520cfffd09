#!/bin/sh
# CALLS calls of the fuzzer, made from SEED, and whether the system has
# afterwards what it had before. What it does for the first time may stay: a
# short run comes first. SLACK KiB may be missing.
calls=${CALLS:-300000} seed=${SEED:-1} slack=${SLACK:-1024}
PATH=$PATH:/test/bin

value() {
	sed -n "s/^$1: *\([0-9]*\).*/\1/p" /proc/meminfo
}

# What ended a moment ago may take a moment to be gone.
settled() {
	tries=0
	until [ "$(value MemFree)" -ge "$free" ] || [ $tries = 20 ]; do
		tries=$((tries + 1))
		sleep 0.2
	done
}

processes() {
	set -- /proc/[0-9]*
	echo $#
}

fuzz $((seed + 1000000)) 20000 4 >/dev/null || echo "the first run: $?"
free=$(value MemFree) slab=$(value Slab) count=$(processes)
fuzz "$seed" "$calls" 4 >/tmp/fuzz.log || echo "fuzz ended with $?"
free=$((free - slack))
settled
{
	tail -n 1 /tmp/fuzz.log
	echo "free $((free + slack)) to $(value MemFree) KiB," \
		"heap $slab to $(value Slab) KiB"
} >/dev/kmsg
grep -q 'done$' /tmp/fuzz.log && echo "all calls done"
[ "$(value MemFree)" -ge "$free" ] && echo "memory is back"
[ "$(value Slab)" -le $((slab + slack / 2)) ] && echo "heap is back"
[ "$(processes)" -eq "$count" ] && echo "processes are gone"
[ "$(echo alive | cat)" = alive ] && echo "the shell answers"
rm -rf /tmp/fuzz.log /tmp/fuzz
