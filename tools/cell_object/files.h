// SPDX-License-Identifier: MIT
/// @file
/// Whole files, read and written by host tools; and the refusals that end them.
#pragma once
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace theseus {

/// What is printed as `error: SUBJECT: RULE: reason`; the tool then exits with 1 and has written
/// nothing.
class Refusal : public std::runtime_error {
 public:
  Refusal(const std::string &subject, const std::string &rule, const std::string &reason)
      : std::runtime_error("error: " + subject + ": " + rule + ": " + reason) {}
};

/// What the command line gets wrong; the tool then exits with 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// @throws Refusal
std::string read_file(const std::string &path);

/// Writes all files or, as far as the file system can tell, none: each is written beside its place
/// and then renamed.
/// @param files  path and content
/// @throws Refusal
void write_files(const std::vector<std::pair<std::string, std::string>> &files);

}  // namespace theseus
