# Files and folders by busybox's applets.
mkdir -p d/e/f
touch -d '2020-01-02 03:04:05' d/a
echo text >d/b
cp d/b d/c
chmod 640 d/b
chmod u+x,g-r d/c
chmod 4755 d/a
ls -l d | awk 'NR > 1 {print $1, $2, $3, $4, $9}'
stat -c '%n %s %a %F %h %u:%g' d/a d/b
stat -c '%n %a %F %h' d/e
stat -c %y d/a | cut -c1-19
touch -r d/a d/b
[ d/b -nt d/c ] || echo older
date -r d/b +%Y
ln d/b d/hard
ln -s b d/soft
stat -c %h d/b
readlink d/soft
readlink -f d/soft | sed 's,.*/files.sh/,,'
cat d/soft
mv d/soft d/moved
ls d
cp -a d copy
diff -r d copy && echo same
ls -d copy/*
ls -1a copy | head -4
ls -F copy
ls -R copy | wc -l
[ copy/b -ef copy/hard ] && echo kept
stat -c %a copy/a
readlink copy/moved
mv copy other
rm -r other
[ ! -e other ] && echo gone
rm nothing 2>/dev/null || echo no
rm -f nothing && echo forced
rmdir d/e 2>/dev/null || echo not empty
rmdir -p d/e/f 2>/dev/null
ls d
basename /a/b.c .c
dirname /a/b.c
realpath /tmp/../tmp/.
dd if=/dev/zero of=z bs=1k count=3 2>/dev/null
wc -c <z
dd if=z of=y bs=512 skip=1 count=2 seek=1 2>/dev/null
wc -c <y
truncate -s 10 y
wc -c <y
truncate -s 100000 y
wc -c <y
printf 'abcdefghij' >s
for n in 0 1 2; do dd if=s of=part.$n bs=4 skip=$n count=1 2>/dev/null; done
ls part.*
cat part.* | cmp - s && echo whole
printf 'one\ntwo\nthree\n' >l1
printf 'one\n2\nthree\nfour\n' >l2
cmp l1 l2
diff l1 l2
diff -u l1 l2 | tail -n +3
comm l1 l2 2>/dev/null
diff -u l1 l2 >p
patch l1 p
cmp l1 l2 && echo patched
mkdir -m 711 m
stat -c %a m
mknod null c 1 3
stat -c '%F %t %T' null
echo gone >null
mkfifo ff
stat -c %F ff
find . -type f | sort | head -5
find . -name 'l*' -o -name s | sort
find . -type d -empty | sort
find . -perm 700
find . -maxdepth 1 -type f -size +1 | sort
find d -newer l1 | head -1
find . -name 'part.*' -exec echo {} \; | sort
find . -name 'part.*' -exec rm {} +
ls part.* 2>/dev/null
find . -type f -exec cat {} + | wc -l
find / -maxdepth 1 -name tmp -prune
find . -mindepth 1 -maxdepth 1 | wc -l
chown 1000:1001 l1
stat -c %u:%g l1
chgrp 5 l1
stat -c %g l1
chown -R 0:0 d
ln -sf l2 l1s
ln -sf l1 l1s
readlink l1s
ln l1 l2 2>/dev/null || echo exists
cp -f l1 l1s && echo followed
mktemp -d /tmp/files.XXXXXX | sed 's/......$//'
rmdir /tmp/files.??????
f=$(mktemp)
[ -f $f ] && rm $f && echo made
touch -h -d @86400 l1s
stat -c %Y l1s
touch -c none
ls none 2>/dev/null
cp -p d/a kept
stat -c '%Y %a' kept
ls -l /dev/null | cut -c1
cd d && pwd | sed 's,.*/,,'
cd ..
cd - | sed 's,.*/,,'
test -u d/a && echo setuid
chmod -R go= d
stat -c %a d d/a
cat d/none 2>&1
mkdir d 2>&1
mv none x 2>&1
sync && echo synced
readlink -f . | grep -c /
