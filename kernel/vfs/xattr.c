/*
 * Extended attributes: no file system here has any. Lists of them are empty,
 * and all else is not supported, once it is known that the file is there.
 */
#include "kernel/vfs/file.h"
#include "kernel/linux/errno.h"

static i32 of_path(u32 path, u32 walk, i32 answer)
{
	struct walked w;
	i32 r = walk_user(AT_FDCWD, path, walk, &w);

	if (r < 0)
		return r;
	walked_drop(&w);
	return answer;
}

static i32 of_file(u32 descriptor, i32 answer)
{
	struct file *f = file_get(descriptor);

	if (!f)
		return -EBADF;
	file_drop(f);
	return answer;
}

i32 call_setxattr(u32 path);
i32 call_setxattr(u32 path)
{
	return of_path(path, 0, -EOPNOTSUPP);
}

i32 call_lsetxattr(u32 path);
i32 call_lsetxattr(u32 path)
{
	return of_path(path, WALK_NO_FOLLOW, -EOPNOTSUPP);
}

i32 call_fsetxattr(u32 descriptor);
i32 call_fsetxattr(u32 descriptor)
{
	return of_file(descriptor, -EOPNOTSUPP);
}

i32 call_getxattr(u32 path);
i32 call_getxattr(u32 path)
{
	return of_path(path, 0, -EOPNOTSUPP);
}

i32 call_lgetxattr(u32 path);
i32 call_lgetxattr(u32 path)
{
	return of_path(path, WALK_NO_FOLLOW, -EOPNOTSUPP);
}

i32 call_fgetxattr(u32 descriptor);
i32 call_fgetxattr(u32 descriptor)
{
	return of_file(descriptor, -EOPNOTSUPP);
}

i32 call_listxattr(u32 path);
i32 call_listxattr(u32 path)
{
	return of_path(path, 0, 0);
}

i32 call_llistxattr(u32 path);
i32 call_llistxattr(u32 path)
{
	return of_path(path, WALK_NO_FOLLOW, 0);
}

i32 call_flistxattr(u32 descriptor);
i32 call_flistxattr(u32 descriptor)
{
	return of_file(descriptor, 0);
}

i32 call_removexattr(u32 path);
i32 call_removexattr(u32 path)
{
	return of_path(path, 0, -EOPNOTSUPP);
}

i32 call_lremovexattr(u32 path);
i32 call_lremovexattr(u32 path)
{
	return of_path(path, WALK_NO_FOLLOW, -EOPNOTSUPP);
}

i32 call_fremovexattr(u32 descriptor);
i32 call_fremovexattr(u32 descriptor)
{
	return of_file(descriptor, -EOPNOTSUPP);
}
