/* The outermost of three nested domains. */
#include "nest1.h"

#define LEVEL	    1
#define OWN_PASS    deep1_pass
#define OWN_LINGER  deep1_linger
#define OWN_HOLD    deep1_hold
#define OWN_HELD    deep1_held
#define OWN_FAIL    deep1_fail
#define OWN_INSIDE  deep1_inside
#define NEXT_PASS   deep2_pass
#define NEXT_LINGER waits_deep2_linger
#define NEXT_HOLD   waits_deep2_hold

#include "../nest.h"
