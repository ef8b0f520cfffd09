# bash: job control in a script, traps, process substitution, coprocesses.
set -m
sleep 100 &
jobs
kill -STOP %1
sleep 0.2
jobs
kill -CONT %1
sleep 0.2
jobs
kill %1
wait
echo killed
set +m
(exit 3) & wait $!
echo $?
for i in 1 2 3; do (sleep 0.$((3 * i)); echo job $i) & done
wait
sleep 5 & p=$!
disown $p
kill $p
{ sleep 0.1; exit 7; } & wait -n
echo $?
a=$(sleep 0.1; echo substituted)
echo $a
diff <(seq 5) <(seq 2 6)
cat <(echo one) <(echo two)
echo written > >(sed 's/^/piped: /')
wait $!
tee >(wc -l >count) <<<"a line" >/dev/null
wait $!
cat count
coproc upper { while read -r line; do echo "${line^^}"; done; }
echo hello >&"${upper[1]}"
read -r answer <&"${upper[0]}"
echo $answer
eval "exec ${upper[1]}>&-"
wait
trap 'echo exiting $?' EXIT
trap 'echo usr1' USR1
trap 'echo error at a command' ERR
kill -USR1 $$
false
trap - ERR
false
(trap 'echo term; exit 5' TERM; kill -TERM $BASHPID; sleep 1; echo no)
echo $?
(trap '' INT; kill -INT $BASHPID; echo ignored)
trap 'echo debug: $BASH_COMMAND' DEBUG
x=1
trap - DEBUG
sleep 10 & p=$!
(sleep 0.5; kill -USR1 $$) &
wait $p
echo $((p > 0)) $?
kill $p
wait $p 2>/dev/null
echo $?
trap -p USR1
set -m
sleep 0.2 | cat &
wait
bash -c 'kill -STOP $$; echo continued' &
until [ "$(jobs -s)" ]; do sleep 0.1; done
jobs %+ | tr -s ' ' | cut -d' ' -f2
fg %+ >/dev/null
set +m
exec 3< <(seq 3)
while read -ru 3 n; do echo "fd $n"; done
exec {fd}>file
echo through >&$fd
exec {fd}>&-
cat file
timeout 2 bash -c 'trap "echo told; exit 9" TERM
	while :; do sleep 0.2; done'
echo $?
read -t 0.1 x < <(sleep 1)
echo $(($? > 128))
mkfifo pipe
(for i in {1..3}; do echo $i; done >pipe) &
mapfile -t got <pipe
echo ${got[@]}
seq 3 | while read -r n; do echo $((n * 2)); done
shopt -s lastpipe
seq 3 | mapfile -t kept
echo ${#kept[@]}
ulimit -n 30
ulimit -n
exit 4
# status 4
