# coreutils: files, folders, rights, links, times, copying.
umask 022
mkdir -p -v d/e/f
touch d/a d/b
touch -d '2020-02-03 04:05:06 UTC' d/a
stat -c '%n %s %a %F %h %U %G %Y' d/a
stat --printf '%A\n' d/a d/e
cp -v d/a d/c
cp -rp d copy
cp --parents d/e/f/../../a copy 2>/dev/null
diff -r d copy
echo text >t
cp -b t t2
cp -b t t2
cp -u t t2
cp -l t hard
cp -s "$PWD/t" soft
ls hard soft
stat -c %h t
ln -sfn d dirlink
readlink dirlink
readlink -e dirlink/none
echo $?
realpath --relative-to=d copy
ln -r -s copy/d/a d/relative 2>/dev/null
mv -n t t2
mv -v t2 moved
mv -t d moved hard
ls d
rm -v d/moved
rm d 2>&1
rmdir d 2>&1
rm -rf copy
install -D -m 750 t x/y/z
stat -c '%a %n' x x/y x/y/z
install -d -m 700 i1 i2
chmod -c a+x t
chmod -v 644 t
chmod u=rw,go= t
chmod -R g+w x
chmod --reference=t d/a
stat -c %a t x/y d/a
chown 5:6 t
chown -c :7 t
stat -c %u:%g t
ls -l t | cut -c1-10
ls -d --time-style=+%Y d/a -l | awk '{print $6, $7}'
ls -1 -F d
ls -1 -r -S d | head -2
ls -i t | awk '{print ($1 > 0)}'
ls -la . | wc -l
ls --color=always -d d | od -c | head -1
dd if=/dev/urandom of=r bs=4k count=5 status=none
stat -c %s r
dd if=r of=r2 bs=1000 skip=1 seek=2 count=3 conv=notrunc status=none
stat -c %s r2
dd if=r bs=1 count=10 status=none | wc -c
printf 'MiXed' | dd conv=ucase status=none
echo
truncate -s +100 r
truncate -s %4096 r
stat -c %s r
truncate -s 1G sparse
stat -c '%s' sparse
cp --sparse=always sparse sparse2
cmp sparse sparse2
rm sparse sparse2
shred -n 1 -u r2
[ -e r2 ] || echo shredded
split -n 3 r part.
ls part.*
cat part.* | cmp - r
csplit -s -f cs. <(seq 10) 4 8
wc -l cs.*
mktemp -u -p /tmp name.XXX | wc -c
mknod fifo p
stat -c %F fifo
mkfifo -m 600 fifo2
stat -c %a fifo2
unlink fifo2
link t linked
stat -c %h t
df --output=target / | tail -1
du -b t
du --apparent-size -k r
sync t
pathchk -p name
pathchk -p 'bad:name' 2>&1 | wc -l
basename -a -s .c a.c b.c
dirname a/b c
pwd -P | sed 's,.*/,,'
test -O t -a -G /
echo $?
[ t -nt d/a ] && echo newer
dir -1 i1 i2
vdir -d d | cut -c1
dircolors -p | head -1 | cut -c1
tac <(seq 3)
head -c -2 <(printf abcde)
echo
tail -c 3 <(printf abcde)
echo
sleep 0.2 & tail -f -s 0.1 --pid=$! t2
cat -s -n <(printf 'a\n\n\n\nb\n')
