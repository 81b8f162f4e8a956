// SPDX-License-Identifier: MIT
#include "nano_core/loader/object.h"
#include "nano_core/loader/sha256.h"

void object_hash(bytes_t file, uint64_t hash_offset, uint8_t digest[kSha256Bytes]) {
  uint8_t zeros[kManifestHashDigits] = {};
  const uint64_t rest = hash_offset + kManifestHashDigits;
  sha256_t hash = {};
  __builtin_memset(zeros, '0', sizeof(zeros));
  sha256_start(&hash);
  sha256_update(&hash, bytes_slice(file, 0, hash_offset));
  sha256_update(&hash, SPAN_OF(bytes, zeros));
  sha256_update(&hash, bytes_slice(file, rest, file.length - rest));
  sha256_finish(&hash, digest);
}

status_t object_verify_hash(bytes_t file, const object_t *object, message_t *message) {
  uint8_t digest[kSha256Bytes] = {};
  object_hash(file, object->hash_offset, digest);
  bool is_same = true;
  for (size_t i = 0; i < kManifestHashDigits; i++) {
    const uint32_t nibble = digest[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15;
    is_same = *text_at(object->manifest.hash, i) == "0123456789abcdef"[nibble] && is_same;
  }
  if (is_same) return OK;
  return message_refuse(message, TEXT("the hash of "), object->manifest.name,
                        TEXT(" does not fit its bytes: it was altered after it was stamped"));
}
