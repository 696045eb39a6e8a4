#include "containment.h"

#include "../system/execute.h"
#include "../system/text.h"

int explain_containment_failure(enum containment containment, int error) {
	complain("--contain ", containment_name(containment), " cannot be had: ", describe_error(error), ".", NULL);
	return EXIT_GUARD_FAILED;
}
