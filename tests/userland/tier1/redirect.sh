# Redirections, pipelines, background jobs, named pipes.
echo one >f
echo two >>f
cat f
cat <f | wc -l
sh -c 'echo out; echo err >&2' >o 2>e
cat o e
sh -c 'echo out; echo err >&2' >both 2>&1
cat both
sh -c 'echo out; echo err >&2' 2>&1 >/dev/null
{ echo a; echo b; } >g
cat g
exec 4<f
read x <&4
read y <&4
echo $x $y
read z <&4 || echo end
exec 4<&-
exec 5<>h
echo written >&5
exec 5>&-
cat h
(set -C; echo x >f) 2>/dev/null || echo noclobber
(set -C; echo x >|f)
cat f
cat nothing 2>/dev/null || echo failed
echo a b c | tr ' ' '\n' | sort -r | head -2 | tr '\n' ' '
echo
true | false
echo $?
false | true
echo $?
yes | head -3
seq 1000 | wc -c
seq 100000 | tail -1
seq 5 | while read n; do echo $((n * n)); done | tr '\n' ' '
echo
mkfifo p
echo through >p & cat p
wait
mkfifo q
(for i in 1 2 3; do echo $i; done >q) & while read l
do echo got $l
done <q; wait
sleep 0.1 & wait $!
echo $?
sh -c 'exit 5' & wait $!
echo $?
(sleep 0.5; echo late) & echo early
wait
for i in 1 2 3; do (exit $i) & done
wait
echo all done
sleep 60 & p=$!
kill $p
wait $p 2>/dev/null
echo $?
sleep 60 & p=$!
kill -9 $p
wait $p 2>/dev/null
echo $?
sh -c 'while :; do sleep 0.05; done' & p=$!
kill -STOP $p
until grep -q ' T ' /proc/$p/stat; do sleep 0.1; done
cut -d' ' -f3 /proc/$p/stat
kill -CONT $p
kill $p
wait $p 2>/dev/null
echo $?
head -c 100000 /dev/zero | wc -c
head -c 200000 /dev/zero | tr '\0' x | md5sum
cat /dev/null
echo $?
echo full >/dev/full 2>/dev/null || echo no space
echo lost >/dev/null
wc -c </dev/null
tee t1 t2 <f
cat t1 t2
: | cat
printf '' | wc -c
(echo sub; exit 3) | cat
echo $?
cat f - <<END
and here
END
cat /proc/self/fd/0 <f
(echo by name >/dev/stdout) | cat
ls -d /dev/fd/0 >/dev/null && echo descriptors
timeout 0.2 sleep 10
echo $?
timeout 5 echo quick
echo abc | dd bs=1 count=2 2>/dev/null
echo
xargs -n2 echo <<END
1 2 3 4 5
END
seq 6 | xargs -n1 -P3 -I{} sh -c 'exit 0'
echo $?
printf 'a b\0c d\0' | xargs -0 -n1 echo
find . -name 't?' -print0 | sort -z | xargs -0 cat
