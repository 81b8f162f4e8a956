// SPDX-License-Identifier: MIT
/// @file
/// Makes the files of a new cell out of the specimen testing/specimens/new_cell_example, which the
/// ordinary build builds; so the template is a cell that works.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace theseus {

inline constexpr size_t kNewCellNameBytes = 40;

/// The files of the specimen, as paths from the root of the workspace.
std::vector<std::string> template_files();

/// Refuses what cannot be a cell's name: [a-z][a-z0-9_]*, at most kNewCellNameBytes characters, and
/// none of the names that mean something else.
/// @throws Refusal
void check_new_name(const std::string &name);

/// One file of the specimen as the cell `name` has it.
/// @param path     from the root of the workspace
/// @param content  of the specimen's file
/// @returns  path and content
std::pair<std::string, std::string> instantiate(const std::string &path, const std::string &content,
                                                const std::string &name);

}  // namespace theseus
