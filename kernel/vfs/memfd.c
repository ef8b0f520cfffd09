/* memfd_create(2): a file in memory that no directory has. */
#include "kernel/linux/errno.h"
#include "kernel/process/process.h"
#include "kernel/space/user.h"
#include "kernel/vfs/kinds.h"

#define MFD_CLOEXEC	  1u
#define MFD_ALLOW_SEALING 2u /* accepted; there are no seals */
#define MFD_NAME_MOST	  250u

i32 call_memfd_create(u32 name, u32 flags);
i32 call_memfd_create(u32 name, u32 flags)
{
	char text[MFD_NAME_MOST];
	struct inode *inode;
	struct file *f;
	i32 r = user_text(text, name, sizeof(text));

	if (r < 0)
		return r == -ENAMETOOLONG ? -EINVAL : r;
	if (flags & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING))
		return -EINVAL;
	inode = inode_anonymous(MODE_FILE | 0777);
	if (!inode)
		return -ENOMEM;
	inode->deleted = 1;
	f = file_make(&regular_kind, inode, O_RDWR | O_LARGEFILE);
	if (!f) {
		inode_drop(inode);
		return -ENOMEM;
	}
	inode->writers = 1;
	return files_install(f, flags & MFD_CLOEXEC ? O_CLOEXEC : 0);
}
