/*
 * ext2 on the disk, as far as it is looked at here: the superblock, group
 * descriptors, inodes and directory entries. All numbers are little-endian,
 * and none of them can be believed.
 */
#ifndef FS_EXT2_LAYOUT_H
#define FS_EXT2_LAYOUT_H

#include "ext2.h"

#define SUPER_OFFSET   1024u /* bytes from the volume's beginning */
#define SUPER_MAGIC    0xEF53u
#define STATE_CLEAN    1u
#define STATE_ERRORS   2u
#define INODE_ROOT     2u
#define INODE_JOURNAL  8u
#define INODE_FIRST    11u /* that files may have, in revision 0 */
#define INODE_SIZE_OLD 128u
#define LINKS_MOST     32000u
#define NAME_MOST      255u
#define DIRECT	       12u /* blocks that the inode itself points to */
#define SLOTS	       15u

struct super_block {
	u32 inodes, blocks, reserved, blocks_free, inodes_free;
	u32 first_block, block_shift, fragment_shift;
	u32 group_blocks, group_fragments, group_inodes;
	u32 mounted, written; /* times */
	u16 mount_count, mount_count_most, magic, state, errors, revision_minor;
	u32 checked, check_interval, creator, revision;
	u16 reserved_uid, reserved_gid;
	u32 first_inode;
	u16 inode_size, group;
	u32 compatible, incompatible, read_compatible;
	u8 uuid[16];
	char label[16], mounted_on[64];
	u32 compression;
	u8 preallocate, preallocate_folders;
	u16 reserved_descriptors; /* blocks behind the descriptors */
	u8 journal_uuid[16];
	u32 journal_inode, journal_device, orphan;
	u32 hash_seed[4];
	u8 hash, journal_backup;
	u16 descriptor_size;
	u32 options, first_meta_group, made;
	u32 journal_blocks[17];
	u32 blocks_high, reserved_high, free_high;
	u16 extra_least, extra_wanted; /* of an inode behind its 128 bytes */
	u32 flags;
};

_Static_assert(sizeof(struct super_block) == 356, "as on the disk");
_Static_assert(offsetof(struct super_block, incompatible) == 96, "the same");
_Static_assert(offsetof(struct super_block, orphan) == 232, "the same");

#define SUPER_BACKUPS 588u /* u32[2]: groups with one, of sparse_super2 */

enum compatible {
	HAS_JOURNAL = 4,
	SPARSE_SUPER2 = 0x200,
};

enum incompatible {
	FILE_TYPE = 2,
	RECOVER = 4,
	INCOMPATIBLE_KNOWN = FILE_TYPE | RECOVER,
};

enum read_compatible {
	SPARSE_SUPER = 1,
	LARGE_FILE = 2,
	READ_COMPATIBLE_KNOWN = SPARSE_SUPER | LARGE_FILE,
};

struct descriptor {
	u32 block_map, inode_map, table;
	u16 blocks_free, inodes_free, folders, flags;
	u32 zero[3];
};

#define DESCRIPTOR_SIZE 32u

struct disk_inode {
	u16 mode, uid;
	u32 size, accessed, changed, modified;
	u32 deleted; /* time, or the next orphan */
	u16 gid, links;
	u32 sectors, flags, version;
	u32 block[SLOTS];
	u32 generation, attributes, size_high, fragment;
	u8 fragment_number, fragment_size;
	u16 sectors_high, uid_high, gid_high;
	u32 reserved;
	/* behind the first 128 bytes, where inodes are larger */
	u16 extra_size, checksum_high;
	u32 changed_extra, modified_extra, accessed_extra;
	u32 made, made_extra, version_high, project;
};

_Static_assert(sizeof(struct disk_inode) == 160, "as on the disk");
_Static_assert(offsetof(struct disk_inode, extra_size) == 128, "the same");

enum inode_flag {
	FLAG_INDEX = 0x1000, /* a hashed directory */
	FLAG_EXTENTS = 0x80000,
};

#define MODE_KIND      0170000u
#define MODE_SOCKET    0140000u
#define MODE_LINK      0120000u
#define MODE_FILE      0100000u
#define MODE_BLOCK     0060000u
#define MODE_FOLDER    0040000u
#define MODE_CHARACTER 0020000u
#define MODE_FIFO      0010000u
#define MODE_BITS      07777u

/* A directory entry: this, and its name. */
struct record {
	u32 inode; /* 0: none */
	u16 size; /* to the next one */
	u8 length, type;
};

#define RECORD_SIZE 8u

/* Extended attributes that inodes share: the beginning of their block. */
struct attribute_head {
	u32 magic, users;
};

#define ATTRIBUTE_MAGIC 0xEA020000u

#endif
