// SPDX-License-Identifier: MIT
#include "testing/interleave/blobs.h"

#include <cstdio>
#include <cstring>
#include <vector>

#include "testing/interleave/suite.h"

namespace interleave {
namespace {

struct Remembered {
  const Blob *blob;
  std::vector<unsigned char> bytes;
};

// Blobs are made before main, in whatever order.
std::vector<Remembered> &Blobs() {
  static std::vector<Remembered> blobs;
  return blobs;
}

}  // namespace

Blob::Blob(const char *blob_name, void *place, size_t size)
    : name(blob_name), storage(static_cast<unsigned char *>(place)), bytes(size) {
  Blobs().push_back({this, {}});
}

void BlobsRemember() {
  for (Remembered &one : Blobs()) {
    one.bytes.assign(one.blob->storage, one.blob->storage + one.blob->bytes);
  }
}

void BlobsRestore() {
  for (const Remembered &one : Blobs()) {
    std::memcpy(one.blob->storage, one.bytes.data(), one.bytes.size());
  }
}

const char *BlobsChanged() {
  for (const Remembered &one : Blobs()) {
    if (std::memcmp(one.blob->storage, one.bytes.data(), one.bytes.size()) != 0) {
      return one.blob->name;
    }
  }
  return nullptr;
}

std::string BlobsPlace(const void *place) {
  char text[96];
  std::snprintf(text, sizeof(text), "%p", place);
  for (const Remembered &one : Blobs()) {
    const auto offset =
        static_cast<size_t>(static_cast<const unsigned char *>(place) - one.blob->storage);
    if (offset >= one.blob->bytes) continue;
    std::snprintf(text, sizeof(text), "%s+0x%zx", one.blob->name, offset);
    if (offset == 0) std::snprintf(text, sizeof(text), "%s", one.blob->name);
  }
  return text;
}

}  // namespace interleave
