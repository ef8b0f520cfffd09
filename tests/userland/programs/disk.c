/*
 * Disks as files, where the machine has /dev/sda: any bytes can be read and
 * written anywhere, also while the disk's driver dies; what ioctl tells.
 */
#include "check.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define DISK	   "/dev/sda"
#define MODEL	   (1u << 20)
#define MOST	   20000u
#define ROUNDS	   600
#define BREAK_EACH 40

static unsigned char model[MODEL], bytes[MODEL];
static unsigned state = 12345;

static unsigned draw(unsigned below)
{
	state = state * 1103515245 + 12345;
	return (state >> 8) % below;
}

static int disk_open(int flags)
{
	int disk = open(DISK, flags);

	if (disk < 0 && (errno == ENOENT || errno == ENXIO))
		test_skip("there is no " DISK);
	CHECK(disk >= 0);
	return disk;
}

static void disk_fill(int disk)
{
	for (unsigned i = 0; i < MODEL; i++)
		model[i] = (unsigned char)draw(256);
	IS(pwrite(disk, model, MODEL, 0), MODEL);
}

static void round_make(int disk)
{
	unsigned size = 1 + draw(draw(4) ? 2000 : MOST);
	unsigned at = draw(MODEL - size);

	if (draw(2)) {
		memset(bytes, 0, size);
		IS(pread(disk, bytes, size, at), size);
		CHECK(memcmp(bytes, model + at, size) == 0);
		return;
	}
	for (unsigned i = 0; i < size; i++)
		model[at + i] = (unsigned char)draw(256);
	IS(pwrite(disk, model + at, size, at), size);
	if (!draw(10))
		DO(fsync(disk));
}

static void driver_break(int monitor)
{
	static const char command[] = "break ata\n";
	ssize_t n = write(monitor, command, sizeof command - 1);

	(void)n; /* it answers an error: the domain died */
}

static void rounds(int monitor)
{
	int disk = disk_open(O_RDWR);

	disk_fill(disk);
	for (int i = 0; i < ROUNDS; i++) {
		round_make(disk);
		if (monitor >= 0 && i % BREAK_EACH == 0)
			driver_break(monitor);
	}
	IS(pread(disk, bytes, MODEL, 0), MODEL);
	CHECK(memcmp(bytes, model, MODEL) == 0);
	DO(close(disk));
}

TEST(any_bytes_anywhere)
{
	rounds(-1);
}

/* In the flat build the whole system dies with it. */
static int is_flat(void)
{
	char text[512];
	int domains = open("/proc/domains", O_RDONLY);
	ssize_t n = read(domains, text, sizeof text - 1);

	close(domains);
	text[n > 0 ? n : 0] = 0;
	return strstr(text, " flat ") != NULL;
}

TEST(while_the_driver_dies)
{
	int monitor = open("/dev/monitor", O_WRONLY);

	if (monitor < 0)
		test_skip("there is no /dev/monitor");
	if (is_flat())
		test_skip("nothing outlives a fault in a flat driver");
	rounds(monitor);
}

TEST(what_it_is)
{
	unsigned long long size;
	unsigned long sectors;
	struct stat s;
	int disk = disk_open(O_RDONLY), n;

	DO(fstat(disk, &s));
	CHECK(S_ISBLK(s.st_mode));
	IS(major(s.st_rdev), 8);
	IS(minor(s.st_rdev), 0);
	DO(ioctl(disk, BLKGETSIZE64, &size));
	DO(ioctl(disk, BLKGETSIZE, &sectors));
	IS(size, sectors * 512ull);
	IS(lseek(disk, 0, SEEK_END), size);
	DO(ioctl(disk, BLKSSZGET, &n));
	IS(n, 512);
	DO(ioctl(disk, BLKROGET, &n));
	IS(n, 0);
	DO(ioctl(disk, BLKFLSBUF, 0));
	ERROR(ioctl(disk, 0x12FF, 0), ENOTTY);
	ERROR(ioctl(disk, BLKGETSIZE, 4), EFAULT);
}

TEST(its_end)
{
	int disk = disk_open(O_RDWR);
	off_t end = lseek(disk, 0, SEEK_END);

	IS(pread(disk, bytes, 100, end), 0);
	IS(pread(disk, bytes, 100, end - 30), 30);
	ERROR(pwrite(disk, bytes, 100, end), ENOSPC);
	IS(pwrite(disk, bytes, 100, end - 30), 30);
	ERROR(pread(disk, (void *)4, 600, 0), EFAULT);
	ERROR(pwrite(disk, (void *)4, 600, 0), EFAULT);
}

/* One partition, as the first sector tells of it. */
TEST(partitions)
{
	static const unsigned char entry[16] = {
		[4] = 0x83, [9] = 8, [13] = 4, /* from 2048 on, 1024 */
	};
	unsigned char sector[512] = { [510] = 0x55, [511] = 0xAA };
	unsigned long sectors;
	int disk = disk_open(O_RDWR), part;

	memcpy(sector + 446, entry, sizeof entry);
	IS(pwrite(disk, sector, 512, 0), 512);
	ERROR(open("/dev/sda1", O_RDONLY), ENOENT);
	DO(ioctl(disk, BLKRRPART, 0));
	part = open("/dev/sda1", O_RDWR);
	CHECK(part >= 0);
	DO(ioctl(part, BLKGETSIZE, &sectors));
	IS(sectors, 1024);
	IS(pwrite(part, "here", 4, 5), 4);
	IS(pread(disk, bytes, 4, 2048 * 512 + 5), 4);
	CHECK(memcmp(bytes, "here", 4) == 0);
	IS(pread(part, bytes, 1000, 1024 * 512 - 8), 8);
	ERROR(ioctl(disk, BLKRRPART, 0), EBUSY);
	DO(close(part));
	memset(sector, 0, sizeof sector);
	IS(pwrite(disk, sector, 512, 0), 512);
	DO(ioctl(disk, BLKRRPART, 0));
	ERROR(open("/dev/sda1", O_RDONLY), ENXIO);
}
