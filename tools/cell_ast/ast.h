// SPDX-License-Identifier: MIT
/// @file
/// A thin layer over libclang: parses one file with the flags that it is compiled with, and answers
/// where things stand and how they are marked.
#pragma once
#include <clang-c/Index.h>

#include <compare>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cell_ast {

struct Place {
  std::string file;  // as the compiler spells it; empty where there is none
  unsigned line = 0;
  unsigned column = 0;
  auto operator<=>(const Place &) const = default;
};

/// One refusal of a tool.
struct Violation {
  Place place;
  std::string rule;  // a short id, for example "recursion"
  std::string reason;
  auto operator<=>(const Violation &) const = default;
};

/// `FILE:LINE:COL: error: RULE: reason`, the one form in which tools report violations.
std::string ToString(const Violation &violation);

/// The folder of the compiler's own headers (stddef.h, stdint.h, ...). The library cannot find them
/// by itself; //tools/rules:clang_tool.bzl starts its programs with LLVM_TREE set.
std::string BuiltinHeaders();

/// A parsed file.
class Unit {
 public:
  /// Parses a source file, or a header as the only thing that a source file includes. What the
  /// compiler refuses becomes a violation of the rule `compile`.
  static Unit ParseSource(const std::string &path, const std::vector<std::string> &flags,
                          std::vector<Violation> *violations);
  static Unit ParseHeader(const std::string &path, const std::vector<std::string> &flags,
                          std::vector<Violation> *violations);

  /// Whether the compiler could make anything of it; nothing else may be called if not.
  bool ok() const { return unit_ != nullptr; }
  CXTranslationUnit handle() const { return unit_.get(); }
  CXCursor root() const { return clang_getTranslationUnitCursor(unit_.get()); }
  /// The file that was asked for.
  const std::string &path() const { return path_; }
  /// Whether `place` lies in the file that was asked for.
  bool Contains(const Place &place) const { return place.file == path_; }

 private:
  struct Deleter {
    void operator()(CXTranslationUnit unit) const { clang_disposeTranslationUnit(unit); }
  };
  using Handle = std::unique_ptr<std::remove_pointer_t<CXTranslationUnit>, Deleter>;

  Unit(std::string path, Handle unit) : path_(std::move(path)), unit_(std::move(unit)) {}
  static Unit Parse(const std::string &path, const std::vector<std::string> &flags,
                    CXUnsavedFile *unsaved, std::vector<Violation> *violations);

  std::string path_;
  Handle unit_;
};

/// Takes over the string.
std::string ToString(CXString text);

std::string Name(CXCursor cursor);

/// Where the text stands: in a macro's definition for what the macro brings, and where it was
/// written for a macro's arguments. Lines that claim to be of another file do not count.
Place SpellingPlace(CXSourceLocation location);
Place SpellingPlace(CXCursor cursor);

/// Where the text stands, or the macro's use for what a macro brings.
Place ExpansionPlace(CXSourceLocation location);
Place ExpansionPlace(CXCursor cursor);

std::vector<CXCursor> Children(CXCursor cursor);

/// The types of a record's fields, in their order.
std::vector<CXType> FieldTypes(CXType record);

/// Whether one of the cursor's attributes is annotate(word).
bool IsAnnotated(CXCursor cursor, std::string_view word);

/// Whether an attribute of that kind stands on the cursor.
bool HasAttribute(CXCursor cursor, CXCursorKind kind);

}  // namespace cell_ast
