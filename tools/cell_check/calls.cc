// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <string_view>

#include "tools/cell_check/rules.h"

namespace cell_check {
namespace {

using cell_ast::Name;

// Built-in functions that compute and nothing else. Names ending in '*' are beginnings.
constexpr std::array<std::string_view, 21> kBuiltins = {
    "__builtin_memcpy",       "__builtin_memmove",        "__builtin_memset",
    "__builtin_memcmp",       "__builtin_add_overflow",   "__builtin_sub_overflow",
    "__builtin_mul_overflow", "__builtin_clz*",           "__builtin_ctz*",
    "__builtin_ffs*",         "__builtin_popcount*",      "__builtin_parity*",
    "__builtin_bswap*",       "__builtin_bitreverse*",    "__builtin_rotate*",
    "__builtin_stdc_*",       "__builtin_expect*",        "__builtin_constant_p",
    "__builtin_strlen",       "__builtin_assume_aligned", "__atomic_*",
};

bool IsAllowedBuiltin(std::string_view name) {
  return std::any_of(kBuiltins.begin(), kBuiltins.end(), [name](std::string_view allowed) {
    if (!allowed.ends_with('*')) return name == allowed;
    return name.starts_with(allowed.substr(0, allowed.size() - 1));
  });
}

bool Names(const std::string &name, std::string_view part) {
  return name.find(part) != std::string::npos;
}

// Why a function that is not the cell's own must not be called; empty if it may.
std::string RuleAgainst(const std::string &name) {
  if (Names(name, "alloca")) return "alloca";
  if (Names(name, "setjmp") || Names(name, "longjmp")) return "setjmp";
  if (name.starts_with("__builtin_va_")) return "varargs";
  return IsAllowedBuiltin(name) ? "" : "library-call";
}

bool HasDefinition(CXCursor function) {
  return !clang_Cursor_isNull(clang_getCursorDefinition(function));
}

// Functions of cells and of nano_core are marked, or declared in its headers.
bool IsServed(CXCursor function, const Findings &findings) {
  if (cell_ast::IsAnnotated(function, "cell_export")) return true;
  const cell_ast::Place place = Scope::PlaceOf(clang_getCanonicalCursor(function));
  return !place.file.empty() && !findings.scope().Covers(place.file) &&
         place.file.find("nano_core/api/") != std::string::npos;
}

}  // namespace

CXCursor CalleeOf(CXCursor call) {
  const std::vector<CXCursor> children = cell_ast::Children(call);
  if (children.empty()) return clang_getNullCursor();
  const CXCursor callee = Strip(children[0]);
  const CXCursor function = clang_getCursorReferenced(callee);
  const bool is_named = clang_getCursorKind(callee) == CXCursor_DeclRefExpr &&
                        clang_getCursorKind(function) == CXCursor_FunctionDecl;
  return is_named ? function : clang_getNullCursor();
}

void CheckCall(CXCursor call, Findings *findings) {
  const CXCursor function = CalleeOf(call);
  if (clang_Cursor_isNull(function)) {
    return findings->Add(call, "function-pointer-in-data",
                         "a function is called by its address; use reference_call");
  }
  const std::string name = Name(function);
  const bool is_builtin = name.starts_with("__builtin_") || name.starts_with("__atomic_");
  if (!is_builtin && (HasDefinition(function) || IsServed(function, *findings))) return;
  const std::string rule = RuleAgainst(name);
  if (rule.empty()) return;
  findings->Add(
      call, rule,
      "'" + name + "' is a function of a library or of the compiler, which " + "no cell publishes");
}

}  // namespace cell_check
