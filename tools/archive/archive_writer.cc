// SPDX-License-Identifier: MIT
#include "tools/archive/archive_writer.h"

#include <algorithm>
#include <cstdio>
#include <sstream>

#include "nano_core/api/instances.h"
#include "nano_core/loader/archive.h"
#include "tools/cell_object/files.h"

namespace theseus {
namespace {

constexpr char kSuffix[] = ".o";
constexpr char kDebugSuffix[] = ".debug";
constexpr unsigned kRegularFile = 0100644;

void check_object_name(const std::string &object) {
  const bool has_length = !object.empty() && object.size() + sizeof(kSuffix) <= kNameBytes;
  const bool has_characters = std::all_of(object.begin(), object.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  });
  if (has_length && has_characters) return;
  throw Refusal(object, "object name",
                "it has 1 to 61 characters, each a letter, a digit, `_`, `.` or `-`");
}

void pad(std::string &archive) { archive.resize((archive.size() + 3) / 4 * 4, '\0'); }

void write_entry(std::string &archive, unsigned inode, unsigned mode, const std::string &name,
                 const std::string &content) {
  enum { kHeaderBytes = 110 };
  char header[kHeaderBytes + 1];
  // Magic, inode, mode, user, group, links, time, size, four device numbers, name size, checksum.
  std::snprintf(header, sizeof(header),
                "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", inode, mode, 0u, 0u,
                1u, 0u, static_cast<unsigned>(content.size()), 0u, 0u, 0u, 0u,
                static_cast<unsigned>(name.size() + 1), 0u);
  archive.append(header, kHeaderBytes).append(name).push_back('\0');
  pad(archive);
  archive += content;
  pad(archive);
}

}  // namespace

std::vector<std::string> manifest_objects(const std::string &text) {
  std::vector<std::string> objects;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string object;
    std::string reason;
    if (!(words >> object) || object[0] == '#') continue;
    check_object_name(object);
    if (!(words >> reason)) {
      throw Refusal(object, "no reason", "say behind it why the image has it");
    }
    if (std::find(objects.begin(), objects.end(), object) != objects.end()) {
      throw Refusal(object, "duplicate", "the image manifest names it twice");
    }
    objects.push_back(object);
  }
  return objects;
}

Files image_files(const std::string &manifest, const std::map<std::string, std::string> &objects) {
  Files files = {{kImageManifest, manifest}};
  const std::vector<std::string> names = manifest_objects(manifest);
  for (const std::string &object : names) {
    const auto found = objects.find(object);
    if (found == objects.end()) {
      throw Refusal(object, "missing object", "the image manifest names it: give OBJECT=FILE");
    }
    append_object(files, object, found->second);
  }
  for (const auto &[object, unused] : objects) {
    if (std::find(names.begin(), names.end(), object) == names.end()) {
      throw Refusal(object, "extra object", "name it in the image manifest, or append it");
    }
  }
  return files;
}

void append_object(Files &files, const std::string &object, const std::string &content) {
  check_object_name(object);
  const std::string file = object.ends_with(kDebugSuffix) ? object : object + kSuffix;
  for (const auto &[name, unused] : files) {
    if (name == file) {
      throw Refusal(object, "duplicate", "the archive has it already: give it another name");
    }
  }
  files.emplace_back(file, content);
}

std::string write_archive(const Files &files) {
  std::string archive;
  unsigned inode = 1;
  for (const auto &[name, content] : files) {
    write_entry(archive, inode++, kRegularFile, name, content);
  }
  write_entry(archive, 0, 0, "TRAILER!!!", "");
  return archive;
}

Files read_archive(const std::string &subject, const std::string &archive) {
  Files files;
  archive_entry_t entry = {};
  const bytes_t bytes = {reinterpret_cast<const uint8_t *>(archive.data()), archive.size()};
  for (uint64_t cursor = 0;;) {
    const status_t status = archive_next(bytes, &cursor, &entry);
    if (status_is(status, STATUS_END)) return files;
    if (!status_is_ok(status)) {
      throw Refusal(subject, "malformed archive",
                    "at byte " + std::to_string(cursor) + " is no newc entry");
    }
    files.emplace_back(
        std::string(entry.name.data, entry.name.length),
        std::string(reinterpret_cast<const char *>(entry.content.data), entry.content.length));
  }
}

}  // namespace theseus
