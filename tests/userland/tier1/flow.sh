# How the shell runs things: conditions, loops, functions, subshells, lists,
# exit statuses, options.
if true; then echo yes; else echo no; fi
if false; then echo yes; elif [ 1 -lt 2 ]; then echo elif; fi
false || echo or
true && echo and
! false && echo not
false
echo $?
(exit 7)
echo $?
sh -c 'exit 300'
echo $?
nosuchcommand 2>/dev/null
echo $?
touch plain
./plain 2>/dev/null
echo $?
i=0
while [ $i -lt 5 ]; do
	i=$((i + 1))
	[ $i = 2 ] && continue
	[ $i = 4 ] && break
	echo $i
done
until [ $i = 0 ]; do i=$((i - 1)); done
echo $i
for i in 1 2 3; do
	for j in a b c; do
		[ $j = b ] && continue 2
		echo $i$j
	done
done
for f in $(seq 3 -1 1); do printf '%s ' $f; done
echo
add() { local sum=$(($1 + $2)); echo $sum; return 3; }
add 2 3
echo $? ${sum-no}
fib() {
	[ $1 -lt 2 ] && echo $1 && return
	echo $(($(fib $(($1 - 1))) + $(fib $(($1 - 2)))))
}
fib 8
x=outer
(x=inner; echo $x)
echo $x
{ x=group; echo $x; }
echo $x
x=before
x=during sh -c 'echo $x'
echo $x
export e=exported
sh -c 'echo $e'
sh -c 'set -e; echo one; false; echo two'
echo $?
sh -c 'set -e; false || true; if false; then :; fi; echo fine'
sh -c 'set -u; echo $nothing' 2>/dev/null
echo $?
sh -c 'set -f; echo *'
sh -c 'set -x; echo traced' 2>&1
sh -c 'echo $0 $1 $2' zero one two
test -z '' && test -n x && test a = a && test a != b && echo strings
[ 5 -gt 3 ] && [ 3 -ge 3 ] && [ 2 -ne 3 ] && [ 1 -eq 1 ] && echo numbers
[ -e plain ] && [ -f plain ] && [ ! -d plain ] && [ -d . ] && echo files
[ ! -s plain ] && echo empty
[ a = a -a b = b ] && [ a = b -o b = b ] && [ ! a = b ] && echo logic
ln -s plain link
[ -L link ] && [ -h link ] && echo link
[ -r plain ] && [ -w plain ] && [ ! -x plain ] && echo rights
while getopts ab:c option -a -b value -c rest; do
	echo "$option ${OPTARG-}"
done
echo $OPTIND
f() { while getopts x: o; do echo "$o=$OPTARG"; done; }; OPTIND=1; f -x 1 -x2
trap 'echo goodbye' EXIT
trap 'echo caught' USR1
kill -USR1 $$
(trap 'echo sub' EXIT; exit 4)
echo $?
sh -c 'trap "" TERM; kill -TERM $$; echo survived'
sh -c 'trap "echo int; exit 9" INT; kill -INT $$; echo no'
echo $?
sh -c 'kill -KILL $$'
echo $?
sh -c 'kill -TERM $$' 2>/dev/null
echo $?
alias say=echo 2>/dev/null
type cd | head -1
command echo command
umask 027
touch masked
stat -c %a masked
umask
times >/dev/null && echo times
readonly fixed=1
(fixed=2) 2>/dev/null
echo $? $fixed
. /dev/stdin <<'END'
sourced=yes
END
echo $sourced
exec 3>out
echo to three >&3
exec 3>&-
cat out
