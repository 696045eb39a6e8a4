#include "containment.h"

#include <errno.h>

#include "../system/execute.h"
#include "../system/text.h"
#include "cgroup.h"

int explain_containment_failure(enum containment containment, int error) {
	complain("--contain ", containment_name(containment), " cannot be had here: ", describe_error(error), ".", NULL);
	return EXIT_GUARD_FAILED;
}

int prepare_containment(struct guard *guard, const struct identity *self) {
	enum containment wanted = guard->options.containment;
	guard->containment = wanted == CONTAIN_AUTO ? CONTAIN_TREE : wanted;
	if (wanted == CONTAIN_CGROUP || wanted == CONTAIN_AUTO) {
		bool created = cgroup_create(self);
		if (created) guard->containment = CONTAIN_CGROUP;
		else if (wanted == CONTAIN_CGROUP) return explain_containment_failure(wanted, errno);
		if (created && !cgroup_start_standby()) {
			int error = errno;
			cgroup_remove();
			return explain_containment_failure(CONTAIN_CGROUP, error);
		}
	}
	/* A namespace reports itself: only its first process knows what it got. */
	if (guard->options.report && guard->containment != CONTAIN_NAMESPACE) {
		complain("contain=", containment_name(guard->containment), NULL);
	}
	return 0;
}
