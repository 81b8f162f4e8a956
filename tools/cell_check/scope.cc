// SPDX-License-Identifier: MIT
#include "tools/cell_check/scope.h"

#include <algorithm>
#include <filesystem>

namespace cell_check {

bool Scope::Covers(const std::string &file) const {
  if (file.empty()) return false;  // the compiler's own
  const std::string normal = std::filesystem::path(file).lexically_normal().string();
  return std::none_of(trusted_.begin(), trusted_.end(),
                      [&normal](const std::string &folder) { return normal.starts_with(folder); });
}

cell_ast::Place Scope::PlaceOf(CXCursor cursor) {
  const cell_ast::Place place = cell_ast::SpellingPlace(cursor);
  // What ## has put together is spelled nowhere.
  const bool nowhere = place.file.empty() || place.file.starts_with('<');
  return nowhere ? cell_ast::ExpansionPlace(cursor) : place;
}

}  // namespace cell_check
