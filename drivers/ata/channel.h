/*
 * One IDE channel: its registers, its two drives, and the one request that may
 * be under way on it. Registers and commands as in ATA/ATAPI-6 (T13 1410D),
 * the bus master's as in Intel's 82371SB data sheet, section 2.7.
 */
#ifndef ATA_CHANNEL_H
#define ATA_CHANNEL_H

#include "gates/domain/domain.h"

#define SECTOR	    512u
#define CHANNELS    2
#define DRIVES	    2
#define WORDS	    256 /* that IDENTIFY answers */
#define SOON_MS	    500 /* the longest wait for a drive that is busy, */
#define START_MS    5000 /* and at a start, which may sleep */
#define MODEL	    40
#define BLOCK_MOST  16u /* sectors moved at once without the bus master */
#define TABLE_BYTES 4096u /* of a channel's table of memory */

/* Offsets from `base`. */
enum {
	DATA,
	ERROR, /* written: FEATURES */
	COUNT,
	LBA_LOW,
	LBA_MIDDLE,
	LBA_HIGH,
	DEVICE,
	STATUS, /* written: COMMAND */
	FEATURES = ERROR,
	COMMAND = STATUS,
};

#define STATUS_ERROR 0x01u
#define STATUS_DATA  0x08u
#define STATUS_FAULT 0x20u
#define STATUS_BUSY  0x80u
#define STATUS_NONE  0xFFu /* nobody drives the bus */

#define DEVICE_LBA    0x40u
#define DEVICE_SECOND 0x10u

#define CONTROL_RESET 0x04u

enum kind { DRIVE_NONE, DRIVE_DISK, DRIVE_PACKET };

struct drive {
	u8 kind;
	u8 block; /* sectors of READ and WRITE MULTIPLE; 0: not those */
	u8 mode; /* to be set for the bus master; 0: as it is */
	bool dma; /* by the bus master */
	bool wide; /* 48 bits of sector number */
	bool flushes, flushes_wide;
	u32 sectors;
	char model[MODEL];
};

#define NOT_KNOWN 0xFFu

/* `how` of a request. */
enum { READ = 1, WRITE = 2, FLUSH = 3 };

struct channel {
	u32 base, control; /* ports */
	u32 master; /* the bus master's ports; 0: there is none */
	struct drive drives[DRIVES];
	u32 selected; /* what the device register has; NOT_KNOWN after a reset
		       */
	struct run *table; /* what the bus master reads */
	u32 table_address;

	bool busy; /* with: */
	u8 drive, tries;
	u32 tag, how, sector, count;
	u32 moved; /* bytes, without the bus master */
	bool master_moves; /* or with it */
};

/* Read and write a register; -E_DENIED cannot be, ata.dom grants them. */
u32 register_read(const struct channel *c, u32 which);
void register_write(const struct channel *c, u32 which, u32 value);

/* The drive's state, without taking its interrupt away. */
u32 channel_state(const struct channel *c);

/*
 * Wait until the drive is not busy, about SOON_MS, and return its state:
 * STATUS_BUSY is set in it if it still is.
 */
u32 channel_settle(const struct channel *c);

/* Settle, and see data asked for (or not). 0 or -E_DEVICE. */
i32 channel_expect(const struct channel *c, u32 data);

/* Choose one of the drives; `bits` go into the device register as well.
 * -E_DEVICE if the channel stays busy. */
i32 channel_select(struct channel *c, u32 drive, u32 bits);

/* A command without data, waited for. 0 or -E_DEVICE. */
i32 channel_command(struct channel *c, u32 drive, u32 command, u32 features,
		    u32 count);

/* What one interrupt said of a request. */
enum step { STEP_ON, STEP_DONE }; /* or -E_DEVICE */

/* Tell a drive a command, and let it show its state. */
void channel_tell(const struct channel *c, u32 command);

/* Set both drives back: they are busy for a while then, and what they say
 * means something after the second. */
void channel_strobe(struct channel *c);
void channel_strobed(void);

/* The same, and wait. -E_DEVICE if one of them stays busy. */
i32 channel_reset(struct channel *c);

#endif
