/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hashes: XXH3 for tables, SHA-256 for what has to be proven. A table that strangers fill takes a secret seed, so that
 * nobody can choose texts that collide; nothing that is printed may depend on its order.
 */
#include "base/base.h"
#include "base/pages.h"

#include <sys/random.h>
#include <openssl/evp.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash_bytes(const void *bytes, size_t count)
{
	return XXH3_64bits(bytes, count);
}

uint64_t hash_seeded(const void *bytes, size_t count, uint64_t seed)
{
	return XXH3_64bits_withSeed(bytes, count, seed);
}

uint64_t hash_seed(void)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
		memory_out("the kernel gave no random seed");
	return seed;
}

void sha256_hex(const void *bytes, size_t count, char hex[65])
{
	unsigned char digest[EVP_MAX_MD_SIZE] = { 0 };

	if (!EVP_Digest(bytes, count, digest, NULL, EVP_sha256(), NULL))
		memory_out("SHA-256 is not available");
	hex_print(digest, 32, hex);
}

void sha512_hex(const void *bytes, size_t count, char hex[129])
{
	unsigned char digest[EVP_MAX_MD_SIZE] = { 0 };

	if (!EVP_Digest(bytes, count, digest, NULL, EVP_sha512(), NULL))
		memory_out("SHA-512 is not available");
	hex_print(digest, 64, hex);
}

void hex_print(const void *bytes, size_t count, char *out)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *from = bytes;

	for (size_t i = 0; i < count; i++) {
		out[2 * i] = digits[from[i] >> 4];
		out[2 * i + 1] = digits[from[i] & 15];
	}
	out[2 * count] = 0;
}
