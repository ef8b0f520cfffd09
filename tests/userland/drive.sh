#!/bin/sh
# Runs tests in the guest, one after the other, for tests/runner/userland.py:
# each in an empty folder, its standard output kept and then sent with its
# exit status and length. What a test leaves running is not waited for.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH LC_ALL=C TZ=UTC0 HOME=/root USER=root

interpreter() {
	case $1 in
	*.sh) echo sh ;;
	*.bash) echo bash ;;
	*.py) echo python3 ;;
	*.lua) echo lua5.4 ;;
	*.sql) echo sqlite3 -batch -bail test.db ;;
	esac
}

for name; do
	mkdir -p "/tmp/test/$name" && cd "/tmp/test/$name" || exit 1
	# shellcheck disable=SC2046
	case $name in
	*.sql) $(interpreter "$name") <"/test/$name" >/tmp/test.out ;;
	*) $(interpreter "$name") "/test/$name" </dev/null >/tmp/test.out ;;
	esac
	status=$?
	echo "result $name $status $(wc -c </tmp/test.out)"
	cat /tmp/test.out
	cd /
	rm -rf "/tmp/test/$name" /tmp/test.out
done
[ ! -w /dev/monitor ] || echo check >/dev/monitor
