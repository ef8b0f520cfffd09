# Archives, compression, checksums, encodings.
mkdir -p tree/sub
echo hello >tree/a
seq 2000 >tree/sub/b
ln -s a tree/link
chmod 600 tree/a
touch -d '2021-06-01 00:00:00' tree/a
tar cf t.tar tree
tar tf t.tar | sort
mkdir x
tar xf t.tar -C x
diff -r tree x/tree && echo same
stat -c '%a %Y' x/tree/a
readlink x/tree/link
tar czf t.tgz tree
tar tzf t.tgz | wc -l
tar xzf t.tgz -O tree/a
gzip -dc t.tgz | tar t | wc -l
tar cjf t.tbz tree 2>/dev/null && tar tjf t.tbz | wc -l
tar cf - tree | tar xf - -C x
gzip -c tree/sub/b >b.gz
gunzip -c b.gz | cmp - tree/sub/b && echo gzip
zcat b.gz | tail -1
cp tree/sub/b c
gzip c
ls c.gz
gunzip c.gz
ls c
gzip -9 c && gzip -t c.gz && echo sound
gunzip c.gz
bzip2 -k c
bzcat c.bz2 | md5sum
rm c.bz2
printf 'not gzip' | gunzip 2>/dev/null || echo refused
cd tree
find . | sort | cpio -o -H newc 2>/dev/null >../t.cpio
cd ..
mkdir y
cd y
cpio -id <../t.cpio 2>/dev/null
cd ..
diff -r tree y && echo cpio
cpio -t <t.cpio 2>/dev/null | sort
md5sum tree/a tree/sub/b
sha1sum tree/a
sha256sum tree/sub/b
sha512sum tree/a | cut -c1-40
sha3sum tree/a | cut -c1-40
crc32 tree/a
md5sum tree/a >sums
md5sum -c sums
echo x >>tree/a
md5sum -c sums 2>/dev/null
echo $?
echo 'hello, world' | base64
echo aGVsbG8K | base64 -d
seq 30 | base64 | tail -1
echo test | uuencode name
echo test | uuencode name | uudecode -o -
head -c 300000 /dev/zero | gzip -c | wc -c
head -c 300000 /dev/zero | gzip | gunzip | wc -c
seq 20000 | gzip | gunzip | md5sum
seq 20000 | bzip2 | bunzip2 | md5sum
ar rc lib.a tree/sub/b c 2>/dev/null
ar t lib.a 2>/dev/null
ar p lib.a c 2>/dev/null | head -1
