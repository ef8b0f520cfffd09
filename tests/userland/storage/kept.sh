#!/bin/sh
# Blocks kept for the superuser, on a volume whose file system is sealed: a
# user's file ends where they begin, and root's goes on.
set -e
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
truncate -s 8M "$folder/image"
mke2fs -q -F -t ext3 -b 1024 -m 25 "$folder/image"
tools/run --root small --disk "$folder/image:virtio" --exec '
mkdir /v && mount -t ext3 -o sealed /dev/vda /v && chmod 777 /v || exit 9
grep -o "^ext2.1 *running *sealed" /proc/domains
stat -f -c "free %f, of these kept $(($(stat -f -c %f-%a /v)))" /v
su nobody -s /bin/sh -c "dd if=/dev/zero of=/v/user bs=1024 2>/dev/null" ||
	echo "a user: full, $(stat -f -c "%f free, %a available" /v)"
dd if=/dev/zero of=/v/root bs=1024 2>/dev/null ||
	echo "root: full, $(stat -f -c "%f free" /v)"
umount /v'
e2fsck -fn "$folder/image" >"$folder/said" 2>&1 || cat "$folder/said"
