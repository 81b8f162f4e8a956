// SPDX-License-Identifier: MIT
/// @file
/// What the dialect applies to: everything but nano_core/api, which may do what the others may not,
/// and the compiler's own headers.
#pragma once
#include <string>
#include <vector>

#include "tools/cell_ast/ast.h"

namespace cell_check {

class Scope {
 public:
  /// @param trusted  folders whose files are exempt
  explicit Scope(std::vector<std::string> trusted) : trusted_(std::move(trusted)) {}

  /// Whether the file of that name is under the dialect.
  bool Covers(const std::string &file) const;

  /// Where a construct stands, if it is under the dialect: where it is spelled, so that what a
  /// macro of nano_core/api brings is exempt, and what the cell gives to the macro is not.
  bool Covers(CXCursor cursor) const { return Covers(PlaceOf(cursor).file); }

  /// Where the construct is spelled; the macro's use for what a macro has put together.
  static cell_ast::Place PlaceOf(CXCursor cursor);

 private:
  std::vector<std::string> trusted_;
};

}  // namespace cell_check
