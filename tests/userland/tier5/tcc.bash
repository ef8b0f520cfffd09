# tcc: compiles and runs, links, and runs from memory.
cat >hello.c <<'END'
#include <stdio.h>
#include <string.h>
struct pair { long long first; double second; };
static struct pair swap(struct pair p)
{
	return (struct pair){ (long long)p.second, (double)p.first };
}
int main(int argc, char **argv)
{
	struct pair p = swap((struct pair){ 7, 1e6 });
	printf("%s %lld %.1f %zu\n", argv[argc - 1], p.first, p.second,
	       strlen("tcc"));
	return argc;
}
END
tcc -o hello hello.c
./hello compiled
echo $?
tcc -run hello.c from memory
echo $?
tcc -c hello.c && tcc -o linked hello.o && ./linked linked
echo '#include <stdio.h>
int main(void) { for (int i = 0; i < 3; i++) printf("%d\n", i * i); }' |
	tcc -run -
tcc -E -P -DX=5 - <<<'X + 1' | tr -d ' '
echo 'int main(void) { return undefined_name; }' >bad.c
tcc bad.c 2>&1
echo $?
gcc -c -o part.o -x c - <<<'int part(void) { return 9; }'
echo 'int part(void); int main(void) { return part(); }' >whole.c
tcc -o whole whole.c part.o && ./whole
echo $?
