/* SPDX-License-Identifier: Apache-2.0 */
/* The closed lists of words in the columns: layers, technologies, planes, sensitivities. */
#include "net/net.h"

#include <string.h>

static const char *const layers[LAYER_COUNT] = {
	[LAYER_CORE] = "core",
	[LAYER_ACCESS] = "access",
	[LAYER_TRANSPORT] = "transport",
	[LAYER_MANAGEMENT] = "management",
	[LAYER_INTERCEPTION] = "interception",
	[LAYER_SECURITY] = "security",
	[LAYER_EXTERNAL] = "external",
};

static const char *const technologies[TECHNOLOGY_COUNT] = {
	[TECHNOLOGY_2G] = "2G",         [TECHNOLOGY_3G] = "3G",       [TECHNOLOGY_4G] = "4G",
	[TECHNOLOGY_5G_NSA] = "5G-NSA", [TECHNOLOGY_5G_SA] = "5G-SA", [TECHNOLOGY_FIXED] = "fixed",
};

static const char *const planes[] = {
	[PLANE_CONTROL] = "control",       [PLANE_USER] = "user", [PLANE_BOTH] = "both",
	[PLANE_MANAGEMENT] = "management", [PLANE_NONE] = "none",
};

static const char *const sensitivities[] = {
	[SENSITIVITY_CRITICAL] = "critical",
	[SENSITIVITY_HIGH] = "high",
	[SENSITIVITY_MODERATE_HIGH] = "moderate-high",
	[SENSITIVITY_NONE] = "none",
};

static uint32_t find(const char *const *words, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i], word) == 0)
			return (uint32_t)i;
	return CODE_UNKNOWN;
}

const char *net_layer_name(enum net_layer layer)
{
	return layers[layer];
}

uint32_t net_layer_find(const char *name)
{
	return find(layers, LAYER_COUNT, name);
}

const char *net_technology_name(enum net_technology technology)
{
	return technologies[technology];
}

uint32_t net_technology_find(const char *name)
{
	return find(technologies, TECHNOLOGY_COUNT, name);
}

const char *net_plane_name(enum net_plane plane)
{
	return planes[plane];
}

const char *net_sensitivity_name(enum net_sensitivity sensitivity)
{
	return sensitivities[sensitivity];
}
