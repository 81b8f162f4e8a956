// SPDX-License-Identifier: MIT
/// @file
/// Where a program stands that is started by `tools/bazel run`: the user's folder, the workspace,
/// and Bazel itself.
#pragma once
#include <string>
#include <vector>

namespace theseus {

/// A path of the command line as this program must open it: relative ones start in the folder in
/// which the user typed.
std::string user_path(const std::string &path);

/// The root of the user's clone.
/// @throws Refusal: this is not `tools/bazel run`
std::string workspace_folder();

/// Runs a program to its end, without a shell; its errors go where this program's go.
/// @param folder   in which it runs
/// @param command  the first word is the program's path
/// @returns what it wrote to its standard output
/// @throws Refusal: it cannot be started, or ends with another status than 0
std::string output_of(const std::string &folder, const std::vector<std::string> &command);

}  // namespace theseus
