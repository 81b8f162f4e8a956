// SPDX-License-Identifier: MIT
#include "nano_core/loader/archive.h"

#include "nano_core/api/checked.h"

// A newc header: a magic of six characters, then thirteen fields of eight hexadecimal digits.
enum {
  kHeaderBytes = 110,
  kMagicBytes = 6,
  kFieldBytes = 8,
  kFieldFileSize = 6,
  kFieldNameSize = 11,
};

static bool parse_field(bytes_t header, size_t field, uint64_t *value) {
  const bytes_t digits = bytes_slice(header, kMagicBytes + field * kFieldBytes, kFieldBytes);
  uint64_t result = 0;
  for (size_t i = 0; i < kFieldBytes; i++) {
    const uint8_t c = *bytes_at(digits, i);
    if (c >= '0' && c <= '9') {
      result = result << 4 | (uint64_t)(c - '0');
    } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
      result = result << 4 | (uint64_t)((c | 0x20) - 'a' + 10);
    } else {
      return false;
    }
  }
  *value = result;
  return true;
}

static text_t as_text(bytes_t bytes) { return (text_t){(const char *)bytes.data, bytes.length}; }

// Takes `length` bytes and the padding behind them; the padding may be missing at the very end.
static bool take(bytes_t archive, uint64_t *cursor, uint64_t length, bytes_t *part) {
  if (!range_fits(*cursor, length, archive.length)) return false;
  *part = bytes_slice(archive, *cursor, length);
  const uint64_t end = (*cursor + length + 3) & ~UINT64_C(3);
  *cursor = end < archive.length ? end : archive.length;
  return true;
}

// A name ends with its only NUL.
static bool is_name(bytes_t name) {
  if (name.length < 2 || name.length > kArchiveNameBytes + 1) return false;
  for (size_t i = 0; i < name.length; i++) {
    if ((*bytes_at(name, i) == '\0') != (i == name.length - 1)) return false;
  }
  return true;
}

status_t archive_next(bytes_t archive, uint64_t *cursor, archive_entry_t *entry) {
  uint64_t position = *cursor;
  if (!range_fits(position, kHeaderBytes, archive.length)) return ERR(BAD_OBJECT);
  const bytes_t header = bytes_slice(archive, position, kHeaderBytes);
  const bool is_newc =
      text_starts_with(as_text(header), TEXT("070701")) ||
      text_starts_with(as_text(header), TEXT("070702"));  // the same, with a checksum
  uint64_t name_bytes = 0;
  uint64_t content_bytes = 0;
  if (!is_newc || !parse_field(header, kFieldNameSize, &name_bytes) ||
      !parse_field(header, kFieldFileSize, &content_bytes)) {
    return ERR(BAD_OBJECT);
  }
  // Header and name are padded together.
  bytes_t name = {};
  bytes_t content = {};
  if (!take(archive, &position, kHeaderBytes + name_bytes, &name)) return ERR(BAD_OBJECT);
  name = bytes_slice(name, kHeaderBytes, name_bytes);
  if (!is_name(name)) return ERR(BAD_OBJECT);
  const text_t name_text = as_text(bytes_slice(name, 0, name_bytes - 1));
  if (text_equal(name_text, TEXT("TRAILER!!!"))) return ERR(END);
  if (!take(archive, &position, content_bytes, &content)) return ERR(BAD_OBJECT);
  *entry = (archive_entry_t){.name = name_text, .content = content};
  *cursor = position;
  return OK;
}

status_t archive_find(bytes_t archive, text_t name, archive_entry_t *entry) {
  archive_entry_t candidate = {};
  for (uint64_t cursor = 0;;) {
    const status_t status = archive_next(archive, &cursor, &candidate);
    if (status_is(status, STATUS_END)) return ERR(NOT_FOUND);
    TRY(status);
    if (text_equal(candidate.name, name)) break;
  }
  *entry = candidate;
  return OK;
}
