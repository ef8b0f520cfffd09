#!/bin/sh
# A file system of a disk with all domains sealed, or servers: a tree is copied
# to it, its machine's drivers die meanwhile, and it is as it should be.
set -e
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for organization in sealed ipc queued; do
	truncate -s 16M "$folder/image"
	mke2fs -q -F -t ext3 "$folder/image"
	tools/run --root small --domain "all=$organization" \
		--disk "$folder/image:virtio" --exec '
mkdir /v && mount -t ext3 /dev/vda /v || exit 9
cp -r /etc /v && sync && mkdir /v/more || exit 8
for n in 1 2 3; do
	for domain in virtio cache ext2.1; do
		echo "break $domain" >/dev/monitor
	done
	cp /bin/ls "/v/more/$n" || exit 7
done
umount /v && mount -t ext3 /dev/vda /v || exit 6
for n in 1 2 3; do cmp /bin/ls "/v/more/$n" || exit 5; done
diff -r /etc /v/etc || exit 4
umount /v'
	e2fsck -fn "$folder/image" >"$folder/said" 2>&1 || cat "$folder/said"
	echo "$organization: as it should be"
done
