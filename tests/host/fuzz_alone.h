/*
 * The fuzzers of file systems without libFuzzer (-DALONE): a program that makes
 * inputs from a random number, or changes images that it is given. At the end
 * of tests/host/NAME_fuzz.c, behind strange_load.
 */
#include "strange.h"

/*
 * COUNT and the first SEED, then a good image: that is changed instead of the
 * one made here; with a word more the images go to standard output. One number
 * alone: the image made here goes there, of the form of that number.
 */
int main(int count, char **list)
{
	u32 most = count > 1 ? (u32)atoi(list[1]) : 10000;
	u32 seed = count > 2 ? (u32)atoi(list[2]) : 1;
	static u8 data[200];

	if (count == 2)
		return fwrite(good_of(most), IMAGE, 1, stdout) != 1;
	if (count > 3)
		return strange_try(list[3], most, seed, count > 4);
	for (u32 n = 0; n < most; n++) {
		shim.random = seed + n;
		for (u32 i = 0; i < sizeof data; i++)
			data[i] = (u8)random_below(256);
		LLVMFuzzerTestOneInput(data, random_below(sizeof data));
	}
	printf("%u strange images made by hand, random operations: no "
	       "report\n",
	       most);
	return 0;
}
