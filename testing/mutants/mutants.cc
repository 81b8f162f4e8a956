// SPDX-License-Identifier: MIT
// Adds objects to a boot archive: each given cell, made harmless to load, as `whole_CELL`, and
// mutants of these as `mutant_NUMBER_CELL_KIND`.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "nano_core/loader/archive.h"
#include "nano_core/loader/testing/archive_builder.h"
#include "nano_core/loader/testing/elf_builder.h"
#include "nano_core/loader/testing/object_file.h"
#include "nano_core/loader/testing/object_mutant.h"

namespace {

using theseus::testing::MutantKind;

constexpr char kUsage[] =
    "usage: mutants --archive IN.cpio -o OUT.cpio --count N CELL=FILE...\n"
    "  Adds whole_CELL for each cell: it serves target_CELL, which nobody calls, and is not\n"
    "  initialised when it is loaded. Then adds N mutants of these, of every kind in turn.\n";

struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Options {
  std::string archive;
  std::string output;
  uint64_t count = 0;
  std::vector<std::pair<std::string, std::string>> cells;  // name and file
};

Options parse_options(const std::vector<std::string> &words) {
  Options options;
  for (size_t i = 0; i < words.size(); i++) {
    const size_t equals = words[i].find('=');
    if (words[i].starts_with("-") && i + 1 == words.size()) {
      throw UsageError(words[i] + ": a value is missing");
    }
    if (words[i] == "--archive") {
      options.archive = words[++i];
    } else if (words[i] == "-o") {
      options.output = words[++i];
    } else if (words[i] == "--count") {
      options.count = std::stoul(words[++i]);
    } else if (equals != std::string::npos) {
      options.cells.emplace_back(words[i].substr(0, equals), words[i].substr(equals + 1));
    } else {
      throw UsageError("unknown argument " + words[i]);
    }
  }
  if (options.archive.empty() || options.output.empty() || options.cells.empty()) {
    throw UsageError("--archive, -o or the cells are missing");
  }
  return options;
}

// The cell under a name that no other cell imports, so that its code is never called.
std::string whole(const std::string &cell, std::string object) {
  theseus::testing::rename_interface(object, "target_" + cell);
  theseus::testing::ObjectFile file(object);
  std::string manifest = file.manifest();
  if (const size_t at = manifest.find("\ninit eager\n"); at != std::string::npos) {
    file.replace_manifest(manifest.replace(at, 12, "\ninit lazy\n"));
  }
  theseus::testing::stamp(object);
  return object;
}

// The mutant number `number`: the first seed's that would not be initialised when it is loaded.
std::string mutant_of(const std::string &object, MutantKind kind, uint64_t number) {
  for (uint64_t seed = number;; seed += 1000000) {
    const std::string mutant = theseus::testing::object_mutant(object, kind, seed);
    if (mutant.find("\ninit eager\n") == std::string::npos) return mutant;
  }
}

std::string mutant_name(uint64_t number, const std::string &cell, MutantKind kind) {
  char digits[8];
  std::snprintf(digits, sizeof(digits), "%04u", static_cast<unsigned>(number % 10000));
  return "mutant_" + std::string(digits) + "_" + cell + "_" +
         theseus::testing::mutant_kind_name(kind);
}

std::string read_file(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  if (!file) throw std::runtime_error(path + ": cannot be read");
  return bytes.str();
}

// The archive up to its trailer.
std::string without_trailer(const std::string &archive) {
  archive_entry_t entry = {};
  uint64_t cursor = 0;
  status_t status = OK;
  while (status_is_ok(status)) {
    status = archive_next(theseus::testing::as_bytes(archive), &cursor, &entry);
  }
  if (!status_is(status, STATUS_END)) throw std::runtime_error("the archive is malformed");
  return archive.substr(0, cursor);
}

void run(const Options &options) {
  using theseus::testing::add_entry;
  std::string archive = without_trailer(read_file(options.archive));
  std::vector<std::string> objects;
  for (const auto &[cell, path] : options.cells) {
    objects.push_back(whole(cell, read_file(path)));
    add_entry(archive, "whole_" + cell + ".o", objects.back());
  }
  for (uint64_t i = 0; i < options.count; i++) {
    const size_t cell = i % objects.size();
    const auto kind = static_cast<MutantKind>(i / objects.size() % theseus::testing::kMutantKinds);
    add_entry(archive, mutant_name(i, options.cells[cell].first, kind) + ".o",
              mutant_of(objects[cell], kind, i));
  }
  add_entry(archive, "TRAILER!!!", "");
  std::ofstream(options.output, std::ios::binary) << archive;
}

}  // namespace

int main(int count, char **words) {
  try {
    run(parse_options(std::vector<std::string>(words + 1, words + count)));
    return 0;
  } catch (const UsageError &error) {
    std::cerr << "mutants: " << error.what() << "\n" << kUsage;
    return 2;
  } catch (const std::exception &error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
