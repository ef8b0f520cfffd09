#!/bin/sh
# The file systems in memory while their domains die under them: three loops
# make, link, rename and remove in /tmp, and check what they find, while tmpfs,
# devfs and null are broken again and again through /dev/monitor. Needs root
# and the kernel word budget=none. Prints what went wrong; exit status 0 if
# nothing did.
cd /tmp || exit 1
rm -f stop wrong rounds

wrong() {
	echo "$*" | tee -a /tmp/wrong
}

work() {
	n=0
	while [ ! -e stop ]; do
		n=$((n + 1))
		echo $n > $1.a && mkdir $1.d && ln $1.a $1.d/b &&
			mv $1.a $1.d/c && ln -s "target $n" $1.d/s ||
			wrong "$1: round $n failed"
		[ "$(cat $1.d/b)" = $n ] || wrong "$1: contents of round $n"
		[ "$(readlink $1.d/s)" = "target $n" ] || wrong "$1: link $n"
		[ "$(ls $1.d | tr '\n' ' ')" = "b c s " ] ||
			wrong "$1: listing of round $n"
		rm $1.d/b $1.d/c $1.d/s && rmdir $1.d || wrong "$1: removal $n"
	done
	echo $n >> rounds
}

work x & work y & work z &
i=0
while [ $i -lt 20 ]; do
	i=$((i + 1))
	for domain in tmpfs devfs null; do
		echo "break $domain" > /dev/monitor
	done
	[ "$(head -c 9 /dev/zero | wc -c)" -eq 9 ] || wrong "zero, $i"
	[ -c /dev/null ] && echo > /dev/null || wrong "null, $i"
	echo 2> /dev/null > /dev/full && wrong "full, $i"
done
: > stop
wait
[ "$(wc -l < rounds)" -eq 3 ] || wrong "not all loops came to an end"
[ "$(ls | tr '\n' ' ')" = "rounds stop " ] || wrong "left: $(ls)"

# A directory that is large, and changes.
mkdir big && cd big || exit 1
i=0
while [ $i -lt 1000 ]; do
	i=$((i + 1))
	: > "file $i"
done
[ "$(ls | wc -l)" -eq 1000 ] || wrong "1000 names: $(ls | wc -l)"
rm -f *5
[ "$(ls | wc -l)" -eq 900 ] || wrong "900 names: $(ls | wc -l)"
rm -f *
cd .. && rmdir big || wrong "the large directory stays"

# A mount that ends with files in it.
mkdir m && mount -t tmpfs -o size=1m,mode=700 none m || wrong "no mount"
mkdir -p m/a/b/c && echo text > m/a/b/c/d || wrong "nothing in the mount"
umount m && rmdir m || wrong "the mount stays"
[ ! -e wrong ]
