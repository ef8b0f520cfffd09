/* The middle one of three nested domains. */
#include "nest2.h"

#define LEVEL	    2
#define OWN_PASS    deep2_pass
#define OWN_LINGER  deep2_linger
#define OWN_HOLD    deep2_hold
#define OWN_HELD    deep2_held
#define OWN_FAIL    deep2_fail
#define OWN_INSIDE  deep2_inside
#define NEXT_PASS   deep3_pass
#define NEXT_LINGER waits_deep3_linger
#define NEXT_HOLD   waits_deep3_hold

#include "../nest.h"
