// SPDX-License-Identifier: MIT
// SHA-256 of Mbed TLS. With its software implementation no call can fail.
#include "nano_core/loader/sha256.h"

#include "mbedtls/sha256.h"

static_assert(sizeof(mbedtls_sha256_context) <= sizeof(sha256_t), "room for the library's context");

static mbedtls_sha256_context *context_of(sha256_t *hash) {
  return (mbedtls_sha256_context *)(void *)hash->opaque;
}

void sha256_start(sha256_t *hash) {
  mbedtls_sha256_init(context_of(hash));
  if (mbedtls_sha256_starts_ret(context_of(hash), 0) != 0) TRAP();
}

void sha256_update(sha256_t *hash, bytes_t data) {
  if (mbedtls_sha256_update_ret(context_of(hash), data.data, data.length) != 0) TRAP();
}

void sha256_finish(sha256_t *hash, uint8_t digest[kSha256Bytes]) {
  if (mbedtls_sha256_finish_ret(context_of(hash), digest) != 0) TRAP();
}
