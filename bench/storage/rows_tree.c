/*
 * Rows about many files: made and removed by this program, and by programs of
 * the volume's own root, which are read from it, too.
 */
#include "row.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILES	"bench.files"
#define TREE	"/usr/lib/python3.11"
#define ARCHIVE "/bench.tar"
#define INSERTS 100u
#define ROWS	10000u

void volume_run(const char *command)
{
	int status, child = (int)must(fork(), "fork");

	if (!child) {
		must(chroot("."), "chroot");
		execl("/bin/bash", "bash", "-c", command, (char *)NULL);
		must(-1, "/bin/bash");
	}
	must(waitpid(child, &status, 0), "waitpid");
	if (status) {
		fprintf(stderr, "measure-storage: %s: status %#x\n", command,
			status);
		exit(1);
	}
}

static void name_of(uint32_t n, char name[32])
{
	snprintf(name, 32, FILES "/%u", n);
}

static void folder_make(const struct row *row)
{
	(void)row;
	must(mkdir(FILES, 0755), FILES);
}

static void folder_remove(const struct row *row)
{
	(void)row;
	must(rmdir(FILES), FILES);
}

static void files_make(const struct row *row)
{
	char name[32];
	uint32_t n;

	for (n = 0; n < row->count; n++) {
		name_of(n, name);
		must(close((int)must(open(name, O_CREAT | O_WRONLY, 0644),
				     name)),
		     "close");
	}
	sync();
}

static void files_remove(const struct row *row)
{
	char name[32];
	uint32_t n;

	for (n = 0; n < row->count; n++) {
		name_of(n, name);
		must(unlink(name), name);
	}
	sync();
}

static void all_make(const struct row *row)
{
	folder_make(row);
	files_make(row);
}

static void all_remove(const struct row *row)
{
	files_remove(row);
	folder_remove(row);
}

static void archive_make(const struct row *row)
{
	(void)row;
	volume_run("tar -cf " ARCHIVE " " TREE " 2>/dev/null; sync");
}

static void archive_remove(const struct row *row)
{
	(void)row;
	must(unlink("." ARCHIVE), ARCHIVE);
}

static void tree_extract(const struct row *row)
{
	(void)row;
	volume_run("mkdir bench.tree; tar -xf " ARCHIVE " -C bench.tree; sync");
}

static void tree_remove(const struct row *row)
{
	volume_run("rm -r bench.tree");
	archive_remove(row);
}

static void tree_find(const struct row *row)
{
	(void)row;
	volume_run("find / -size +1000000 -xdev");
}

static void table_make(const struct row *row)
{
	(void)row;
	volume_run("sqlite3 bench.db 'create table t(a integer primary key, "
		   "b text);'");
}

static void table_remove(const struct row *row)
{
	(void)row;
	must(unlink("bench.db"), "bench.db");
}

static void insert_each(const struct row *row)
{
	(void)row;
	volume_run("for ((i = 0; i < 100; i++)); do "
		   "echo \"insert into t(b) values('row $i');\"; done | "
		   "sqlite3 bench.db");
}

static void insert_all(const struct row *row)
{
	(void)row;
	volume_run("sqlite3 bench.db \"insert into t(b) select 'row ' || value "
		   "from generate_series(1, 10000);\"; sync");
}

const struct row rows_tree[] = {
	{ "create", 1000, 0, folder_make, files_make, all_remove },
	{ "unlink", 1000, 0, all_make, files_remove, folder_remove },
	{ "tar", 1, 0, NULL, archive_make, archive_remove },
	{ "untar", 1, 0, archive_make, tree_extract, tree_remove },
	{ "find", 1, 0, NULL, tree_find, NULL },
	{ "insert", INSERTS, 0, table_make, insert_each, table_remove },
	{ "insert-all", ROWS, 0, table_make, insert_all, table_remove },
	{ NULL, 0, 0, NULL, NULL, NULL },
};
