#!/bin/bash
# A make-like load while the domains under it die: workers repeat the same
# work until enough faults have happened, and each time what they print must be
# what they printed before the first fault. Needs root and the kernel words
# budget=none watchdog=100; without /dev/monitor it is a plain run.
# FAULTS, SEED and DOMAINS say how many, which and where. After a quarter of
# them and at the end the core must have given out as many descriptors, threads
# and frames, but for the few frames that bash itself comes to use.
here=$(cd "$(dirname "$0")" && pwd)
faults=${FAULTS:-120} seed=${SEED:-1}
domains=${DOMAINS:-tmpfs procfs devfs tty null local}
workers=${WORKERS:-build archive search python terminal processes sockets
	devices}
work=$(mktemp -d /tmp/load.XXXXXX)
cd "$work" || exit 1
export LC_ALL=C work

. "$here/work.bash" || exit 1

# One round of a worker in a fresh folder; what it says goes to its file.
round() {
	mkdir "$1" && cd "$1" || return
	"$1" > "$2" 2>&1
	echo "status $?" >> "$2"
	cd .. && rm -r "$1"
}

repeat() {
	n=0
	until [ -e stop ]; do
		n=$((n + 1))
		round "$1" "$work/$1.now" 2> "$1.error"
		if ! cmp -s "$1.now" "$1.first" || [ -s "$1.error" ]; then
			echo "$1, round $n:" && cat "$1.error"
			diff "$1.first" "$1.now"
		fi >> "$1.wrong"
	done
	echo "$n" > "$1.rounds"
}

# Should they not end: who is left goes into the kernel's log. It has no child
# that would live on when it is killed.
watch() {
	read -r -t 100 <> quiet
	ps axo pid,ppid,stat,wchan,args > left
	while read -r line; do
		echo "left: $line" > /dev/kmsg
	done < left
}

# All workers at once while a command runs.
together() {
	local pids=
	for worker in $workers; do
		repeat $worker &
		pids="$pids $!"
	done
	"$@"
	: > stop
	watch &
	wait $pids
	kill $! && wait $!
	for worker in $workers; do
		[ -s $worker.rounds ] || echo "$worker did not come to an end"
		cat $worker.wrong
		echo "rounds: $(cat $worker.rounds) of $worker" > /dev/kmsg
	done
	rm -f stop left ./*.rounds ./*.now ./*.error ./*.wrong
}

ask() {
	echo "$*" > /dev/monitor || echo "the monitor does not like $*"
}

mkfifo quiet
for worker in $workers; do
	round $worker "$work/$worker.first"
	echo "$worker:" && cat $worker.first
done
if [ -e /dev/monitor ]; then
	together ask "faults $((faults / 4)) $seed $domains"
	ask stock
	together ask "faults $((faults - faults / 4)) $((seed + 1)) $domains"
	ask stock same 32
fi
rm -f quiet ./*.first ./*.known
ls -A
cd / && rmdir "$work" && echo "nothing is left"
