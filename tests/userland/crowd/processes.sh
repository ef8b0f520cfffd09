# Six look into all processes' files, again and again, while these come and go.
look() {
	for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
		cat /proc/[0-9]*/stat /proc/[0-9]*/cmdline /proc/[0-9]*/maps \
			/proc/[0-9]*/status > /dev/null 2>&1
		ls -l /proc/self/fd > /dev/null
	done
	echo looked $n times
}
for who in 1 2 3 4 5 6; do
	look &
done
wait
