# Processes, signals, identities, limits, time, as applets tell them.
id
id -u
id -un
whoami
groups
id nobody 2>/dev/null | cut -d' ' -f1
env -i A=1 /bin/busybox env
A=2 env | grep ^A=
env B=3 sh -c 'echo $B'
sh -c 'echo $PPID' | grep -c '^[0-9]'
[ $(sh -c 'echo $PPID') = $$ ] && echo parent
sleep 30 & p=$!
kill -0 $p && echo alive
[ -d /proc/$p ] && echo listed
tr '\0' ' ' </proc/$p/cmdline
echo
ps -o pid,comm | grep -c "$p sleep"
kill $p
wait $p
[ -d /proc/$p ] || echo gone
pidof nothing-like-it || echo none
kill -l 9
kill -l TERM
nohup sh -c 'kill -HUP $$; echo ignored' 2>/dev/null
sh -c 'trap "echo one" USR1; trap "echo two" USR2; kill -USR1 $$
	kill -USR2 $$; kill -USR1 $$; echo end'
sh -c 'sleep 0.3 & trap "echo woken" ALRM; (sleep 0.1; kill -ALRM $$) &
	wait %1 2>/dev/null; wait; echo waited'
setsid sh -c 'echo $(cut -d" " -f6 /proc/$$/stat) $$' | awk '{print $1 == $2}'
(ulimit -n 20; ulimit -n)
(ulimit -c 0; ulimit -c)
ulimit -f
(ulimit -f 1; head -c 5000 /dev/zero >big) 2>/dev/null
wc -c <big
sh -c 'exec echo replaced; echo never'
exec 9>x
sh -c 'echo inherited >&9'
cat x
i=0
while [ $i -lt 50 ]; do /bin/busybox true || echo failed; i=$((i + 1)); done
echo $i made
for i in 1 2 3 4 5; do (sleep 0.0$i; exit $i) & done
wait
echo waited
time -p true 2>&1 | cut -d' ' -f1
usleep 1000
sleep 0.01 && echo slept
mkdir root
mkdir root/bin
cp /bin/busybox root/bin/
ln -s busybox root/bin/sh
ln -s busybox root/bin/ls
chroot root /bin/sh -c 'cd /; ls; pwd'
su nobody -s /bin/sh -c 'id -u; cat /etc/shadow' 2>/dev/null
setuidgid nobody id -u 2>/dev/null
touch owned
chmod 600 owned
setuidgid nobody cat owned 2>&1 | sed 's/.*: //'
tty
test -t 0 || echo no terminal
stty 2>&1 | sed 's/.*: //'
uname | wc -l
hostname | wc -l
nproc | grep -c .
uptime | grep -c load
free | wc -l
mount | grep -c ' on /proc type proc'
df /tmp | wc -l
cat /proc/uptime | wc -w
grep -c '^cpu' /proc/stat | grep -c .
date +%Y | grep -c 20
which sh ls
yes | head -100000 | wc -l
cat /proc/self/comm
sh -c 'cat /proc/$$/comm'
readlink /proc/self/exe
ls /proc/self/fd | head -3 | tr '\n' ' '
echo
wc -l </proc/self/environ
sed -n 's/^\(Name\|Threads\):/\1/p' /proc/self/status
head -1 /proc/self/maps | cut -d' ' -f2-3
sh -c 'sh -c "sh -c \"exit 42\""'
echo $?
(((( echo deep ))))
