# Text: sed, awk, grep, sort and the small filters.
cat >t <<END
apple 3 red
banana 12 yellow
cherry 7 red
date 1 brown
END
cat -n t
cat -A t | head -1
tac t
rev t | head -1
nl t | head -2
head -n 2 t
tail -n 1 t
tail -n +3 t
head -c 5 t
echo
wc t
wc -l -w -c <t | tr -s ' '
cut -d' ' -f1,3 t
cut -c2-4 t
paste -d, t t | head -1
seq 4 | paste -s -d+ -
sort -k2n t
sort -r t | head -1
sort -k3,3 -k2,2nr t
printf '10\n9\n2\n10\n' | sort -n -u
printf 'b\na\nB\n' | sort -f
printf 'x 1.5\ny 1.25\n' | sort -k2g
sort -c t && echo ordered
printf 'a\na\nb\na\n' | uniq
printf 'a\na\nb\n' | uniq -c | tr -s ' '
printf 'a\na\nb\n' | uniq -d
printf 'a\na\nb\n' | uniq -u
tr a-z A-Z <t | head -1
tr -d aeiou <t | head -1
tr -s 'p' <t | head -1
echo hello | tr 'a-y' 'b-z'
echo 'a  b' | tr -s ' ' '\n'
tr -cd '0-9\n' <t
grep red t
grep -v red t
grep -c red t
grep -n an t
grep -i APPLE t
grep -o '[0-9]*' t
grep -E '^(a|d)' t
grep -w 1 t
grep -l red t none 2>/dev/null
grep -q zzz t || echo none
grep -F '.' t
echo $?
grep -A1 ban t
grep -e app -e dat t
grep -x 'date 1 brown' t
printf 'a.b\nacb\n' | grep 'a\.b'
echo aaa | grep -o 'a\{2\}'
sed 's/a/A/' t
sed 's/a/A/g;2d' t
sed -n '2,3p' t
sed -n '/ch/p' t
sed '1!G;h;$!d' t
sed -e '2i\
inserted' -e '3a\
appended' t
sed 's/\([a-z]*\) \([0-9]*\)/\2 \1/' t
sed -E 's/([a-z]+) ([0-9]+)/\2-\1/' t
sed '$!N;s/\n/+/' t
sed 'y/abc/xyz/' t
sed -n '$=' t
sed '/red/!d' t
sed 's|a|/|;s/$/!/' t
sed 2q t
sed -n 'l' t | head -1
echo abc | sed 's/b*/X/2'
echo hello | sed ':a;s/^\(.\{1,9\}\)$/ \1/;ta'
cp t u
sed -i 's/red/RED/' u
cat u
sed '/banana/,/date/s/^/> /' t
sed '/cherry/c\
changed' t; echo one | sed 's/one/& & \u&/'
awk '{print $1, $NF}' t
awk '$2 > 5' t
awk '{s += $2} END {print s, s / NR}' t
awk 'NR == 2 {print length($1), toupper($1), substr($1, 2, 3)
	print index($1, "n")}' t
awk '{c[$3]++} END {for (k in c) print k, c[k]}' t | sort
awk 'BEGIN {printf "%05.2f %x %s %c\n", 3.14159, 255, "s", 65
	print 2 * 10, 7 % 3, int(3.9), -3 / 2}'
awk '/an/ {gsub(/a/, "<&>"); print}' t
awk 'BEGIN {n = split("a:b:c", x, ":"); print n, x[3]
	while (i++ < 3) printf "%d ", i; print ""}'
awk -v v=5 'BEGIN {print v + 1; if (v in x) print "no"; else print "not in"}'
awk 'function f(n) {return n < 2 ? 1 : n * f(n - 1)} BEGIN {print f(10)}'
awk 'BEGIN {while (("echo a; echo b" | getline l) > 0) print "got " l
	"echo piped" | getline; print}'
awk 'BEGIN {print match("foobar", /o+/), RSTART, RLENGTH
	print sprintf("%-5s|", "ab"); print substr("hello", 0, 3)}'
awk 'NR % 2 {print; next} {print "even"}' t
awk 'BEGIN {OFS = "-"; $0 = "a b c"; $2 = "X"; print
	print NF; $5 = "e"; print}'
awk '{print > "/tmp/awk." NR} END {close("/tmp/awk.1")}' t
cat /tmp/awk.[1-4] | wc -l
rm /tmp/awk.[1-4]
echo 'a,b;c' | awk -F'[,;]' '{print $3}'
awk 'BEGIN {print length("x" "yz"), 1 == 1.0, "10" < "9", 10 < 9}'
awk 'BEGIN {exit 3}'
echo $?
fold -w 10 t | head -2
fold -s -w 10 t | head -3
printf 'a\tb\n' | expand -t 4
echo 'a       b' | unexpand -a -t 8 | od -c | head -1
od -An -tx1 -N4 t
od -c t | head -1
hexdump -C t | head -2
xxd t | head -1
printf '%s' hello | xxd -p
echo 68656c6c6f | xxd -r -p
echo
strings t | head -1
expr 1 + 2 \* 3
expr length hello
expr substr hello 2 3
expr index hello l
expr abc : 'a\(.\)'
expr 5 \> 3
expr a = b
seq 1 3 10
seq -w 8 10
seq -s, 5
factor 360 97
echo '2^10; scale=3; 10/3; sqrt(2)' | bc
echo '3 4 + p 5 * p' | dc
seq 3 | tee x | wc -l
cat x
yes no | head -2
printf '1\n2\n3\n' | sed -n '$p'
echo 'c b a' | xargs -n1 | sort | xargs
printf 'b\0a\0' | sort -z | tr '\0' ' '
echo
echo abcdef | cut -b 2,4-
printf '1 a\n2 b\n' >j1
shuf -i 1-5 | sort | tr '\n' ' '
echo
echo "x=1" | sed 's/=/ /' | while read k v; do echo "$k is $v"; done
ts=$(date -u -d @86400 +%F)
echo $ts
cal 2 2024
date -u -d '2000-02-29 12:34:56' '+%s %j %a %B'
