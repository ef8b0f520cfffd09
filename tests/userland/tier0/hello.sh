# Programs that say hello: static, dynamically linked, with threads.
PATH=/test/bin:$PATH
for how in static dynamic; do
	NAME=world hello-$how one 'two words' ''
	echo $?
	env -i /test/bin/hello-$how </dev/null
	echo $?
	hello-$how a | tail -n 1
	threads-$how
	echo $?
done
dash -c 'echo $0 $#; exit 7' name argument
echo $?
/bin/true
/lib/ld-linux.so.2 /bin/echo started by the linker
