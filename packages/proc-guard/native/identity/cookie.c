#include "cookie.h"

#include <string.h>

#include "../system/text.h"

void cookie_entry(const struct identity *owner, const struct identity *guard, char entry[COOKIE_ENTRY_SIZE]) {
	char owner_text[IDENTITY_TEXT_SIZE];
	identity_format(owner, owner_text);
	struct text text = text_into(entry, COOKIE_ENTRY_SIZE);
	text_add(&text, owner_text);
	text_add(&text, "/");
	text_add_number(&text, (uint64_t)guard->pid);
	text_add(&text, ".");
	text_add_number(&text, guard->start_time);
}

static bool is_cookie(const char *value) {
	for (;;) {
		struct identity owner;
		uint64_t number = 0;
		value = identity_parse(value, &owner);
		if (value == NULL || *value++ != '/') return false;
		value = parse_number(value, INT32_MAX, &number);
		if (value == NULL || number == 0 || *value++ != '.') return false;
		value = parse_number(value, UINT64_MAX, &number);
		if (value == NULL) return false;
		if (*value == '\0') return true;
		if (*value++ != ',') return false;
	}
}

void cookie_variable(const char *inherited, const char *entry, char variable[COOKIE_SIZE + sizeof COOKIE_NAME]) {
	struct text text = text_into(variable, COOKIE_SIZE + sizeof COOKIE_NAME);
	text_add(&text, COOKIE_NAME "=");
	if (inherited != NULL && strlen(inherited) + 1 + strlen(entry) < COOKIE_SIZE && is_cookie(inherited)) {
		text_add(&text, inherited);
		text_add(&text, ",");
	}
	text_add(&text, entry);
}

bool cookie_contains(const char *value, const char *entry) {
	size_t length = strlen(entry);
	while (value != NULL) {
		if (strncmp(value, entry, length) == 0 && (value[length] == '\0' || value[length] == ',')) return true;
		value = strchr(value, ',');
		if (value != NULL) value++;
	}
	return false;
}
