# GNU find, grep, sed, awk, tar, gzip, diff on a small tree.
mkdir -p tree/{a,b/c}
for n in 1 2 3; do seq $((n * 100)) >tree/a/f$n; done
printf 'alpha\nbeta\ngamma delta\n' >tree/b/words
ln -s ../a/f1 tree/b/link
touch -d '2022-01-01 UTC' tree/a/f2
find tree | sort
find tree -type f -size -1k
find tree -name 'f*' -newer tree/a/f2 | sort
find tree -type l -printf '%p -> %l\n'
find tree -type f -printf '%s %f %m\n' | sort -n
find tree -regex '.*/f[12]' | sort
find tree \( -name f1 -o -name words \) -exec wc -l {} + | tail -1
find tree -type f -print0 | sort -z | xargs -0 wc -c
find tree -depth -type d | sort -r | head -1
find tree -empty
find tree -mtime +30 -name f2
find tree -execdir echo {} \; | sort | head -2
find tree -name c -delete
find tree -path '*b*' -prune -o -type f -print | sort
grep -r beta tree
grep -rl 100 tree | sort
grep -c 1 tree/a/f1
grep -n -B1 -A1 beta tree/b/words
grep -P '\d{3}' tree/a/f1
grep -oE '[a-z]+a' tree/b/words
grep -vx beta tree/b/words
grep -rh --include='w*' alpha tree
grep --color=always beta tree/b/words
grep -z gamma tree/b/words | tr '\0' '.'
sed -n '/beta/,$p' tree/b/words
sed 's/a/[&]/2' tree/b/words
sed -E 's/(\w+) (\w+)/\2 \1/' tree/b/words
sed -i.bak '1d;s/beta/BETA/' tree/b/words
cat tree/b/words{,.bak}
sed -n '1~50p' tree/a/f1
sed '/^5$/q5' tree/a/f1 >/dev/null
echo $?
sed 'N;N;s/\n/,/g' tree/b/words.bak
sed -s -n '$=' tree/a/f1 tree/a/f2
sed --expression='s/x/y/w out' <<<xx
cat out
gawk '{s += $1} END {print s, NR}' tree/a/f3
gawk 'BEGIN {print strftime("%Y", 86400, 1), substr("hello", 2, 3)}'
gawk 'BEGIN {n = split("c a b", x); asort(x)
	for (i = 1; i <= n; i++) print x[i]}'
gawk '{a[$1 % 3]++} END {PROCINFO["sorted_in"] = "@ind_num_asc"
	for (i in a) print i, a[i]}' tree/a/f1
gawk 'match($0, /(.)a$/, m) {print m[1]}' tree/b/words.bak
gawk -F: '$3 == 0 {print $1}' /etc/passwd
gawk 'BEGIN {"echo from a command" | getline l; print l
	print "sorted" | "sort"}'
gawk 'BEGIN {printf "%.3f %e %g %5d|%-5s|%c\n",
	2 / 3, 12345.678, 1e10, 42, "ab", 66}'
gawk --bignum 'BEGIN {print 2 ^ 100}' 2>/dev/null || echo no bignum
gawk 'BEGIN {print sin(1), exp(1), log(10), sqrt(2), int(7.9), atan2(1, 1)}'
gawk 'NR == FNR {a[$1]; next} $1 in a' <(seq 3) <(seq 2 5)
gawk 'BEGIN {RS = ""} {print NR ": " $1}' <<<$'a\nb\n\nc'
tar -cf t.tar tree
tar -tvf t.tar | awk '{print $1, $NF}' | sort -k2
mkdir out1 && tar -xf t.tar -C out1
diff -r tree out1/tree
tar -czf t.tgz --exclude='*.bak' tree
tar -tzf t.tgz | wc -l
tar -xzOf t.tgz tree/b/words
tar --delete -f t.tar tree/a/f3
tar -tf t.tar | grep -c f3
tar -rf t.tar out
tar -uf t.tar out
tar --sort=name --mtime=@0 --owner=0 --group=0 -cf - tree |
	tar -tv | head -2 | awk '{print $1, $2, $4, $5}'
tar -cf - tree | (mkdir -p pipe && cd pipe && tar -xf -)
ls pipe/tree
gzip -k tree/a/f3
gzip -l tree/a/f3.gz | awk 'NR == 2 {print $2}'
zcat tree/a/f3.gz | cmp - tree/a/f3
zgrep -c 9 tree/a/f3.gz
gunzip -c tree/a/f3.gz | md5sum
gzip -t t.tgz && echo sound
head -c 100 t.tgz | gzip -t 2>&1 | cut -d: -f3
diff tree/b/words tree/b/words.bak
diff -u tree/b/words tree/b/words.bak | tail -n +3
diff -y -W 30 tree/b/words tree/b/words.bak
diff3 tree/b/words tree/b/words.bak tree/b/words | head -3
cmp tree/a/f1 tree/a/f2
sdiff -s -w 30 tree/b/words tree/b/words.bak
less -F tree/b/words
ps -o comm= -p $$
pgrep -c nothing-at-all
hostname | wc -l
