// SPDX-License-Identifier: MIT
#include "tools/fingerprint/interface.h"

#include <optional>

#include "tools/fingerprint/canonical.h"
#include "tools/fingerprint/shape.h"

namespace fingerprint {
namespace {

using cell_ast::Children;
using cell_ast::ExpansionPlace;
using cell_ast::IsAnnotated;
using cell_ast::Name;
using cell_ast::Unit;
using cell_ast::Violation;

class Describer {
 public:
  Describer(const Request &request, std::vector<Violation> *violations)
      : request_(request), violations_(violations) {}

  void Functions(const Unit &unit) {
    for (const CXCursor cursor : Children(unit.root())) {
      if (clang_getCursorKind(cursor) != CXCursor_FunctionDecl) continue;
      if (!BelongsTo(unit, cursor)) continue;
      if (IsPublished(cursor) && seen_.insert(Name(cursor)).second) Function(cursor);
    }
  }

  void States(const Unit &unit) {
    for (const State &state : request_.states) {
      if (found_.contains(state.name)) continue;
      const std::optional<CXType> type = FindType(unit, state.type);
      if (type) Blob(state, *type);
    }
  }

  std::string Finish() {
    for (const State &state : request_.states) {
      if (found_.contains(state.name)) continue;
      RefuseFile("state-type",
                 "there is no type '" + state.type + "' for the blob '" + state.name + "'");
    }
    for (const std::string &name : request_.exports) {
      if (seen_.contains(name)) continue;
      RefuseFile("missing-export", "'" + name + "' is listed as an export, but not published");
    }
    return functions_ + states_;
  }

 private:
  void RefuseFile(const std::string &rule, const std::string &reason) {
    violations_->push_back({{request_.files.front().path, 1, 1}, rule, reason});
  }

  // Where it is declared first, or defined: a source defines what its headers declare.
  static bool BelongsTo(const Unit &unit, CXCursor function) {
    const CXCursor definition = clang_getCursorDefinition(function);
    return unit.Contains(ExpansionPlace(clang_getCanonicalCursor(function))) ||
           (!clang_Cursor_isNull(definition) && unit.Contains(ExpansionPlace(definition)));
  }

  bool IsDirect(CXCursor function) const { return request_.direct.contains(Name(function)); }

  bool IsPublished(CXCursor function) const {
    return IsDirect(function) || IsAnnotated(function, "cell_export");
  }

  void Function(CXCursor function) {
    const std::string name = Name(function);
    if (!request_.prefix.empty() && !name.starts_with(request_.prefix + "_")) {
      violations_->push_back(
          {ExpansionPlace(function), "export-name",
           "'" + name + "' is published, so its name begins with '" + request_.prefix + "_'"});
    }
    if (!request_.exports.empty() && !request_.exports.contains(name)) {
      violations_->push_back({ExpansionPlace(function), "undeclared-export",
                              "'" + name + "' is published, but not in the list of exports"});
    }
    const std::string shape =
        IsDirect(function) ? DirectShapeOf(function, violations_) : ShapeOf(function, violations_);
    const std::string text = FunctionText(function);
    functions_ += request_.text ? text + "\n" : name + " " + Hash(text) + " " + shape + "\n";
  }

  // A typedef of that name, or `struct NAME`.
  static std::optional<CXType> FindType(const Unit &unit, const std::string &name) {
    for (const CXCursor cursor : Children(unit.root())) {
      const CXCursorKind kind = clang_getCursorKind(cursor);
      const bool is_typedef = kind == CXCursor_TypedefDecl && Name(cursor) == name;
      const bool is_struct = kind == CXCursor_StructDecl && "struct " + Name(cursor) == name;
      if (!is_typedef && !is_struct) continue;
      const CXType type = clang_getCanonicalType(clang_getCursorType(cursor));
      if (clang_Type_getSizeOf(type) > 0) return type;
    }
    return std::nullopt;
  }

  // The first member must be the monitor: it is how nano_core and the cell find the lock.
  static bool BeginsWithMonitor(CXType type) {
    if (type.kind != CXType_Record) return false;
    for (const CXCursor child : Children(clang_getTypeDeclaration(type))) {
      if (clang_getCursorKind(child) != CXCursor_FieldDecl) continue;
      const CXType first = clang_getCanonicalType(clang_getCursorType(child));
      return Name(child) == "monitor" && TagName(first) == "monitor";
    }
    return false;
  }

  void Blob(const State &state, CXType type) {
    found_.insert(state.name);
    if (!BeginsWithMonitor(type)) {
      violations_->push_back({ExpansionPlace(clang_getTypeDeclaration(type)), "state-type",
                              "the first member of '" + state.type +
                                  "' is not `monitor_t monitor`, so it cannot be a blob"});
    }
    const std::string text = BlobText(type);
    states_ += request_.text ? text + "\n"
                             : "state " + state.name + " " + Hash(text) + " " + state.version +
                                   " " + std::to_string(clang_Type_getSizeOf(type)) + "\n";
  }

  const Request &request_;
  std::vector<Violation> *violations_;
  std::set<std::string> seen_;
  std::set<std::string> found_;
  std::string functions_;
  std::string states_;
};

}  // namespace

std::string Describe(const Request &request, std::vector<Violation> *violations) {
  Describer describer(request, violations);
  for (const File &file : request.files) {
    const Unit unit = file.is_header ? Unit::ParseHeader(file.path, request.flags, violations)
                                     : Unit::ParseSource(file.path, request.flags, violations);
    // What the compiler did not understand would only be misread further on.
    if (!unit.ok() || !violations->empty()) return "";
    describer.Functions(unit);
    describer.States(unit);
  }
  return describer.Finish();
}

}  // namespace fingerprint
