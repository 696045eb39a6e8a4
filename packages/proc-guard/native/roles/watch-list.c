#include "watch-list.h"

#include <stddef.h>
#include <stdlib.h>

#define BUCKETS 1024
#define NOBODY (-1)

struct watched {
	struct identity identity;
	/* The next one of the same bucket. */
	int next;
	bool used;
};

/* Descriptors are small numbers, so they are the index. */
static struct watched *list;
static size_t list_size;
/* Descriptors plus one; 0 ends a bucket, so that all of them start out empty. */
static int buckets[BUCKETS];

static int *bucket_of(const struct identity *identity) {
	return &buckets[(unsigned)identity->pid % BUCKETS];
}

static bool make_room(size_t size) {
	if (size <= list_size) return true;
	size_t grown = list_size == 0 ? 64 : list_size;
	while (grown < size) grown *= 2;
	struct watched *moved = realloc(list, grown * sizeof list[0]);
	if (moved == NULL) return false;
	for (size_t i = list_size; i < grown; i++) moved[i].used = false;
	list = moved;
	list_size = grown;
	return true;
}

int watch_list_find(const struct identity *identity) {
	for (int at = *bucket_of(identity); at != 0; at = list[at - 1].next) {
		if (identity_equal(&list[at - 1].identity, identity)) return at - 1;
	}
	return NOBODY;
}

bool watch_list_add(int pidfd, const struct identity *identity) {
	if (!make_room((size_t)pidfd + 1)) return false;
	int *bucket = bucket_of(identity);
	list[pidfd] = (struct watched){.identity = *identity, .next = *bucket, .used = true};
	*bucket = pidfd + 1;
	return true;
}

const struct identity *watch_list_get(int pidfd) {
	return pidfd >= 0 && (size_t)pidfd < list_size && list[pidfd].used ? &list[pidfd].identity : NULL;
}

void watch_list_remove(int pidfd) {
	int *link = bucket_of(&list[pidfd].identity);
	while (*link != pidfd + 1) link = &list[*link - 1].next;
	*link = list[pidfd].next;
	list[pidfd].used = false;
}
