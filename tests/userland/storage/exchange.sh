# What the guest does in tests/userland/storage/exchange: /dev/sda is a stick
# that the host filled, /dev/sdb an empty disk, /dev/sr0 the medium that was
# booted. Says only what is wrong, and at the end the sums of the second disk.
wrong() {
	echo "wrong: $*"
}

# ---- what the host wrote ----

mkdir /m /n /c
mount -t vfat -o uid=7,sealed,umask=027 /dev/sda /m || wrong 'the stick'
grep -q '^fat[.0-9]* *running *sealed' /proc/domains || wrong 'it is not sealed'
(cd /m && md5sum --quiet -c /test/sums) || wrong 'bytes that the host wrote'
[ "$(stat -c '%Y %u %a' /m/stamped)" = '981173106 7 750' ] ||
	wrong "attributes: $(stat -c '%Y %u %a' /m/stamped)"
umount /m && mount -t vfat /dev/sda /m || wrong 'the second mount'

# ---- names ----

cd /m
names='lower.txt UPPER.TXT Mixed.Case.Name a+b,c;d=[e] .hidden ..two n~1 x.y.z
longer-than-eight.text no.ext.at.all ü.é ΑΒΓ δ'
for i in $names; do
	echo "$i" > "new $i" && echo "$i" > "$i" || wrong "name $i"
done
for i in $names; do
	[ "$(cat "new $i")" = "$i" ] && [ "$(cat "$i")" = "$i" ] ||
		wrong "contents of $i"
done
for i in 'a:b' 'a*b' 'a?' '<' '|' '"'; do
	true 2> /dev/null > "$i" && wrong "$i is a name"
done
[ "$(cat LOWER.TXT upper.txt mixed.case.NAME Ü.É)" = \
	"$(cat lower.txt UPPER.TXT Mixed.Case.Name ü.é)" ] || wrong 'cases'
true 2> /dev/null > trailing... && [ -e trailing ] || wrong 'dots at the end'
mv lower.txt Lower.TXT && mv Lower.TXT LOWER.txt || wrong 'spelling'
ls | grep -qx LOWER.txt || wrong "spelled $(ls | grep -i lower)"
mkdir Case && mv Case CASE && touch CASE/f && [ -e case/F ] || wrong 'CASE'
mv CASE/f case/G && [ "$(ls cAsE)" = G ] || wrong 'a name inside'
mkdir CASE 2> /dev/null && wrong 'two of one name'
ln -s x y 2> /dev/null && wrong 'a symbolic link'
ln LOWER.txt z 2> /dev/null && wrong 'a second name'
long=$(printf 'n%.0s' $(seq 250))
echo long > "$long.txt" && [ "$(cat "$long.TXT")" = long ] || wrong 'a long name'
touch "${long}.text2" 2> /dev/null && wrong 'a name that is too long'

# ---- depth, times, places of files ----

deep=
for i in $(seq 24); do
	deep=$deep/directory_number_$i
done
mkdir -p "/m$deep" && echo deep > "/m$deep/file" || wrong 'depth'
touch -d '2031-05-06 07:08:10 UTC' /m/stamped
touch -d '1975-01-01 UTC' /m/old
seq 100000 > sequence
for i in 1 2 3 4; do
	cat sequence >> appended && head -c 1000 sequence >> small
done
truncate -s 300000 grown && truncate -s 12345 appended
printf middle | dd of=sequence bs=1 seek=250001 conv=notrunc 2> /dev/null
chmod 444 small

# ---- mounted again ----

cd /
mount -o remount,ro /m || wrong 'ro'
touch /m/none 2> /dev/null && wrong 'written though read-only'
mount -o remount,rw /m && touch /m/again || wrong 'rw'
before=$(cd /m && find . -type f | sort | xargs -d '\n' md5sum)
umount /m && mount -t vfat /dev/sda /m || wrong 'unmounted and mounted'
[ "$(cd /m && find . -type f | sort | xargs -d '\n' md5sum)" = "$before" ] ||
	wrong 'not the same after a mount'
[ "$(stat -c %Y /m/stamped /m/old)" = "1935817690
315532800" ] || wrong "times $(stat -c %Y /m/stamped /m/old)"
[ "$(stat -c %s /m/grown /m/appended)" = "300000
12345" ] || wrong 'sizes'
[ "$(stat -c %a /m/small)" = 555 ] || wrong "mode $(stat -c %a /m/small)"

# ---- a disk made here, with clusters of several blocks; full ----

mkfs.vfat -F 12 -s 16 /dev/sdb > /dev/null 2>&1 && mount -t vfat /dev/sdb /n ||
	wrong 'mkfs.vfat'
room() {
	df -k /n | awk 'END { print $4 }'
}
was=$(room)
dd if=/dev/zero of=/n/all bs=64k 2> /dev/null && wrong 'never full'
[ "$(room)" = 0 ] || wrong "full, and $(room) KiB free"
mkdir /n/d 2> /dev/null && wrong 'a directory on a full disk'
head -c 5000 /dev/zero > /n/more 2> /dev/null && wrong 'a file on a full disk'
rm /n/all /n/more
[ "$(room)" = "$was" ] || wrong "$was KiB before, $(room) after"

# ---- its domain dies under load ----

cp -r /m/. /n || wrong 'copying'
(
	until [ -e /tmp/struck ]; do
		rm -rf /n/work && mkdir /n/work && cp -r /m/directory* /n/work &&
			cp /m/sequence /n/work/x && mv /n/work/x "/n/work/X y" &&
			cmp /m/sequence "/n/work/X y" && head -c 3000 \
			/m/sequence > /n/work/z && truncate -s 5 /n/work/z ||
			wrong 'work while it dies'
	done
) &
echo 'faults 40 3 fat.4' > /dev/monitor
touch /tmp/struck
wait
(cd /m && find . -type f | sort | xargs -d '\n' md5sum) > /tmp/sums
(cd /n && md5sum --quiet -c /tmp/sums) || wrong 'bytes after all that'

# ---- the medium ----

mount -t iso9660 /dev/sr0 /c 2> /dev/null || wrong 'the CD'
touch /c/x 2> /dev/null && wrong 'written to the CD'
echo "medium $(cd /c && find . -type f | sort | xargs md5sum | md5sum)"
umount /c /m || wrong 'umount'
(cd /n && find . -type f | sort | xargs -d '\n' md5sum)
umount /n || wrong 'umount of the disk'
echo check > /dev/monitor
