// Food for list_functions; the header is the compiler's own, so it must find that too.
#include <limits.h>

static int first(void) { return INT_MAX; }

int second(void);
