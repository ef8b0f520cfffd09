/*
 * The lender: two and a bit MiB of its own, of which it lends any part. What
 * was lent comes back changed in exactly the bytes that were lent.
 */
#include "lender.h"

#define STORE (2 * 1024 * 1024 + 8192)
#define SPARE 4096 /* behind what is lent to be filled */
#define MARK  0xA5u

static u8 store[STORE];

i32 lending_act(u32 number, u32 base, u32 argument, u32 size, u32 room)
{
	if (size > STORE || room > STORE - SPARE)
		return -E_RANGE;
	return trial_act(number, base, argument, (const u8 *)store, size,
			 store + STORE - SPARE - room, room);
}

i32 lending_pass(u32 number, u32 base, u32 argument, from u8 *data, u32 size,
		 into u8 *space, u32 room)
{
	if (size < 2 || room < 2)
		return trial_act(number, base, argument, data, size, space,
				 room);
	return trial_act(number, base, argument, data + 1, size - 2, space + 1,
			 room - 2);
}

i32 lending_raid(u32 number, u32 base, u32 aim, u32 canary, u32 argument,
		 from u8 *data, u32 size, into u8 *space, u32 room)
{
	return attack_act(number, base, aim, canary, argument, data + 4,
			  size - 4, space + 4, room - 4);
}

i32 lending_sum(u32 at, u32 size)
{
	u32 sum = 0;
	i32 answer;

	if (at > STORE || size > STORE - at)
		return -E_RANGE;
	for (u32 i = 0; i < size; i++) {
		store[at + i] = (u8)(i * 7 + at);
		sum += store[at + i];
	}
	answer = neighbour_sum(store + at, size);
	if (answer >= 0 && (u32)answer != (sum & 0x7FFFFFFF))
		return -E_FORM;
	return answer;
}

i32 lending_fill(u32 at, u32 size, u32 first)
{
	u32 before = at ? at - 1 : at + size, after = at + size;
	i32 answer;

	if (at > STORE || size >= STORE - at)
		return -E_RANGE;
	memset(store + at, (int)~first, size);
	store[before] = store[after] = MARK;
	answer = neighbour_fill(first, store + at, size);
	for (u32 i = 0; answer >= 0 && i < size; i++)
		if (store[at + i] != (u8)(first + i))
			return -E_FORM;
	if (store[before] != MARK || store[after] != MARK)
		return -E_FORM;
	return answer;
}

i32 lending_frail(u32 generation)
{
	return ticker_frail(0, generation);
}

i32 lending_frail_once(u32 generation)
{
	return ticker_frail_once(0, generation);
}

i32 lending_slot(u32 slot)
{
	return ticker_count(slot);
}

i32 lending_copy(from u8 *data, u32 size, into u8 *space, u32 room)
{
	return neighbour_copy(data, size, space, room);
}
