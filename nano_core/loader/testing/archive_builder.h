// SPDX-License-Identifier: MIT
/// @file
/// Writes newc archives for tests.
#pragma once
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "nano_core/api/span.h"

namespace theseus::testing {

/// Appends one entry, padded.
inline void add_entry(std::string &archive, const std::string &name, const std::string &content) {
  char header[111];
  std::snprintf(header, sizeof(header),
                "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", 0u, 0100644u, 0u, 0u,
                1u, 0u, static_cast<unsigned>(content.size()), 0u, 0u, 0u, 0u,
                static_cast<unsigned>(name.size() + 1), 0u);
  archive.append(header, 110).append(name).push_back('\0');
  archive.resize((archive.size() + 3) / 4 * 4, '\0');
  archive += content;
  archive.resize((archive.size() + 3) / 4 * 4, '\0');
}

/// A whole archive with its trailer.
inline std::string archive_of(const std::vector<std::pair<std::string, std::string>> &files) {
  std::string archive;
  for (const auto &[name, content] : files) add_entry(archive, name, content);
  add_entry(archive, "TRAILER!!!", "");
  return archive;
}

/// The bytes of a string as a span; it must outlive the span.
inline bytes_t as_bytes(const std::string &text) {
  return {reinterpret_cast<const uint8_t *>(text.data()), text.size()};
}

}  // namespace theseus::testing
