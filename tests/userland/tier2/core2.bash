# coreutils: text, numbers, checksums, processes, time.
printf 'b 2\na 10\nc 1\n' >t
sort t
sort -k2n t
sort -k2nr t
sort -R t | sort
printf '1K\n2M\n3\n' | sort -h
printf 'v1.10\nv1.9\n' | sort -V
printf 'Feb\nJan\n' | sort -M
printf 'b\na\nb\n' | sort -u
sort -m <(seq 1 2 5) <(seq 2 2 6)
sort -c t 2>&1 | cut -d: -f2-
seq 30000 | sort -rn | head -1
seq 100000 | sort -S 100k | tail -1
join <(sort t) <(printf 'a x\nc y\n')
join -a1 -e- -o 0,1.2,2.2 <(sort t) <(printf 'a x\n')
comm <(seq 3) <(seq 2 4)
uniq -c <(printf 'a\na\nb\n')
uniq -w1 <(printf 'ab\nac\nb\n')
cut -d' ' -f2 --complement t
paste -d: t t
paste -s t
tr '[:lower:]' '[:upper:]' <t
tr -cd '[:digit:]\n' <t
tr -s 0-9 <<<11223
fmt -w 20 <<<'some words that are to be filled again'
fold -s -w 12 <<<'words that are folded here'
pr -t -2 -w 20 <(seq 6)
nl -ba -w2 -s. t
expand -t4 <<<$'a\tb'
unexpand -a <<<'        x'
od -An -tx1 <<<abc
od -tu2 -N4 -Ad <<<abcd
base64 <<<hello
base32 <<<hello
basenc --base16 <<<hi
base64 -d <<<aGVsbG8K
seq -f '%03g' 3
seq 5 -2 1
seq -s: 1 .5 3
shuf -i 1-9 | sort -n | tr -d '\n'
echo
factor 1001 65537
numfmt --to=iec 1048576 123456789
numfmt --from=si 5K
expr 7 \* 6
expr match hello 'h\(.*\)o'
echo '1 2 3' | tsort 2>/dev/null
printf 'a b\nb c\n' | tsort
ptx -A <<<'one two' 2>/dev/null | wc -l
for sum in md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum; do
	$sum t | cut -c1-32
done
cksum t
sum t
sha256sum t >sums
sha256sum -c sums
echo x >>t
sha256sum -c sums --status
echo $?
wc t
wc -L t
tee one two <<<teed >/dev/null
cat one two
env -i X=1 env
env -u HOME printenv HOME
echo $?
printenv LC_ALL
nice -n 7 nice
nohup true 2>/dev/null
timeout 0.2 sleep 5
echo $?
timeout -s KILL 0.2 sleep 5
echo $?
timeout --preserve-status 0.2 sleep 5
echo $?
id -u
id -Gn
whoami
groups
logname 2>&1 | wc -l
users | wc -w
tty
stty 2>&1 | sed 's/.*: //'
arch | wc -l
uname -s | wc -l
hostid | wc -c
nproc --all | grep -c .
date -u -d @1000000000
date -u -d '2024-01-31 +1 month' +%F
date -u -d '2000-01-01 12:00 UTC' +'%s %j %V %A %-d'
date +%s%N | wc -c
sleep 0.1 0.1
echo slept
true
false
echo $?
yes abc | head -2
yes | head -c 1000000 | wc -c
stdbuf -oL echo unbuffered
test 5 -gt 3
[ abc = abc ]
echo $?
kill -l 15
sh -c 'kill -USR1 $$' 2>/dev/null
echo $?
chroot / /bin/true
chroot --userspec=65534 / id -u
seq 3 | xargs -I{} echo item {}
seq 10 | xargs -n3 -P2 echo | sort -n
printf 'a\0b' | xargs -0 -n1
pinky 2>/dev/null | wc -l
mkdir -p deep/{a,b}/{c,d}
du -a deep | wc -l
ls -R deep | wc -l
echo {1..5} | tr ' ' '\n' | tail -n +2 | head -n -1
