// SPDX-License-Identifier: MIT
/// @file
/// Edits the structures of an object file in place, without the loader's code. The file may be
/// damaged already: what lies outside of it is not there.
#pragma once
#include <elf.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace theseus::testing {

/// Edits `file`, which must outlive it.
class ObjectFile {
 public:
  explicit ObjectFile(std::string &file) : file_(file) {}

  /// Where the structures of one kind stand: offsets in the file.
  std::vector<size_t> section_headers() const;
  /// The records of all sections of `type` (SHT_SYMTAB, SHT_RELA), each of `bytes` bytes.
  std::vector<size_t> records(uint32_t type, size_t bytes) const;

  /// The structure at `offset`; all zero where it does not lie inside.
  template <typename T>
  T read(size_t offset) const {
    T value = {};
    if (offset <= file_.size() && file_.size() - offset >= sizeof(T)) {
      std::memcpy(&value, file_.data() + offset, sizeof(T));
    }
    return value;
  }
  /// Writes a structure that lies inside.
  template <typename T>
  void write(size_t offset, const T &value) {
    std::memcpy(file_.data() + offset, &value, sizeof(T));
  }

  /// Offset of the header of the first section of `type`; 0: there is none.
  size_t find_section(uint32_t type) const;
  /// The bytes of the section whose header stands at `header`, as far as they lie inside.
  std::string content(size_t header) const;
  /// Gives the section other bytes: at the end of the file, where there is room for any number;
  /// where the old ones stood there are zeros.
  void replace_content(size_t header, const std::string &content);

  /// The manifest; empty: none can be read.
  std::string manifest() const;
  /// Replaces the manifest, and with it the whole note.
  void replace_manifest(const std::string &text);

 private:
  std::string &file_;
};

/// The lines of a manifest, without their line feeds.
std::vector<std::string> lines_of(const std::string &manifest);
std::string manifest_of(const std::vector<std::string> &lines);

/// Makes an object publish `interface` instead of what it implements: in the manifest and in the
/// symbols. The cell's own name stays, and with it what it may call.
void rename_interface(std::string &file, const std::string &interface);

}  // namespace theseus::testing
