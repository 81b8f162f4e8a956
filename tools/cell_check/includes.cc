// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "tools/cell_check/check.h"
#include "tools/cell_check/rules.h"

namespace cell_check {
namespace {

// Of the compiler's own headers, those that bring types and limits only.
constexpr std::array<std::string_view, 6> kPlainHeaders = {
    "stddef.h", "stdint.h", "stdbool.h", "limits.h", "stdalign.h", "stdnoreturn.h",
};

struct Walk {
  const std::vector<std::string> &rights;
  Findings *findings;
};

bool IsIn(const std::vector<std::string> &names, const std::string &name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The place of the #include that leads out of what is under the dialect, if this one does.
void Visit(CXFile file, CXSourceLocation *stack, unsigned depth, CXClientData data) {
  const Walk &walk = *static_cast<Walk *>(data);
  if (depth == 0) return;
  const cell_ast::Place includer = cell_ast::ExpansionPlace(stack[0]);
  const Scope &scope = walk.findings->scope();
  const std::string path = cell_ast::ToString(clang_getFileName(file));
  if (!scope.Covers(includer.file) || scope.Covers(path)) return;
  const std::filesystem::path name = std::filesystem::path(path).filename();
  const std::string right = name.stem().string();
  if (path.find("nano_core/api/") != std::string::npos) {
    if (IsIn(KnownRights(), right) && !IsIn(walk.rights, right)) {
      walk.findings->Add(includer, "right", "the cell has no right '" + right + "'");
    }
  } else if (std::find(kPlainHeaders.begin(), kPlainHeaders.end(), name.string()) ==
             kPlainHeaders.end()) {
    walk.findings->Add(includer, "include", "'" + name.string() + "' is not for cells");
  }
}

}  // namespace

const std::vector<std::string> &KnownRights() {
  static const std::vector<std::string> rights = {"port_io", "mmio", "interrupts", "cycle_counter",
                                                  "msr"};
  return rights;
}

void CheckIncludes(const cell_ast::Unit &unit, const std::vector<std::string> &rights,
                   Findings *findings) {
  Walk walk = {rights, findings};
  clang_getInclusions(unit.handle(), Visit, &walk);
}

}  // namespace cell_check
