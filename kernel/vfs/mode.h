/* What an inode is: the type in its mode, as POSIX has it, and its flags. */
#ifndef KERNEL_VFS_MODE_H
#define KERNEL_VFS_MODE_H

#define MODE_KIND      0170000u
#define MODE_SOCKET    0140000u
#define MODE_LINK      0120000u
#define MODE_FILE      0100000u
#define MODE_BLOCK     0060000u
#define MODE_FOLDER    0040000u
#define MODE_CHARACTER 0020000u
#define MODE_FIFO      0010000u

/* Bits of an inode's flags. */
enum inode_flag {
	INODE_ASK = 1, /* its attributes and names are asked for each time */
	INODE_MADE = 2, /* contents are made when read: never cached */
	/* its contents have no holes, its number changes with its name, and
	 * names in it can be spelled in several ways: asked for each time */
	INODE_SIMPLE = 4,
	INODE_ASK_NAMES = INODE_ASK | INODE_SIMPLE,
};

#endif
