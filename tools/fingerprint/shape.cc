// SPDX-License-Identifier: MIT
#include "tools/fingerprint/shape.h"

#include "tools/fingerprint/canonical.h"

namespace fingerprint {
namespace {

using cell_ast::ExpansionPlace;
using cell_ast::FieldTypes;
using cell_ast::Name;
using cell_ast::Violation;

constexpr long long kEightbyte = 8;
constexpr long long kResultBytes = 16;
constexpr long long kArgumentEightbytes = 6;

bool IsInteger(CXTypeKind kind) {
  return kind == CXType_Enum ||
         (kind >= CXType_Bool && kind <= CXType_LongLong && kind != CXType_UInt128);
}

// Whether every part of the type travels in general registers.
bool IsIntegerClass(CXType type) {
  const CXType canonical = clang_getCanonicalType(type);
  if (canonical.kind == CXType_Pointer || IsInteger(canonical.kind)) return true;
  if (canonical.kind == CXType_ConstantArray) {
    return IsIntegerClass(clang_getArrayElementType(canonical));
  }
  if (canonical.kind != CXType_Record) return false;
  for (const CXType field : FieldTypes(canonical)) {
    if (!IsIntegerClass(field)) return false;
  }
  return true;
}

bool IsFunctionPointer(CXType type) {
  const CXType canonical = clang_getCanonicalType(type);
  if (canonical.kind != CXType_Pointer) return false;
  const CXTypeKind pointee = clang_getCanonicalType(clang_getPointeeType(canonical)).kind;
  return pointee == CXType_FunctionProto || pointee == CXType_FunctionNoProto;
}

bool IsStatus(CXType type) {
  const CXType canonical = clang_getCanonicalType(type);
  return canonical.kind == CXType_Record && TagName(canonical) == "status" &&
         clang_Type_getSizeOf(canonical) == 4;
}

class Shape {
 public:
  Shape(CXCursor function, std::vector<Violation> *violations)
      : function_(function), violations_(violations) {}

  std::string Arguments() {
    std::string letters;
    const CXType type = clang_getCanonicalType(clang_getCursorType(function_));
    for (int i = 0; i < clang_getNumArgTypes(type); i++) {
      const unsigned index = static_cast<unsigned>(i);
      letters +=
          Argument(clang_Cursor_getArgument(function_, index), clang_getArgType(type, index));
    }
    if (eightbytes_ > kArgumentEightbytes) {
      Refuse(function_, "argument-shape",
             "'" + Name(function_) + "' takes " + std::to_string(eightbytes_) +
                 " eightbytes of arguments; a gate carries six");
    }
    if (clang_isFunctionTypeVariadic(clang_getCursorType(function_))) {
      Refuse(function_, "argument-shape",
             "'" + Name(function_) + "' takes a variable number of arguments");
    }
    return letters;
  }

  std::string Result() {
    const CXType type = clang_getCanonicalType(clang_getCursorResultType(function_));
    if (IsStatus(type)) return ":0@0";
    const std::vector<CXType> fields =
        type.kind == CXType_Record ? FieldTypes(type) : std::vector<CXType>();
    if (fields.size() != 2 || !IsStatus(fields[0])) {
      return RefuseResult("answers neither status_t nor {status_t status; T value;}");
    }
    if (clang_Type_getSizeOf(type) > kResultBytes || !IsIntegerClass(fields[1])) {
      return RefuseResult("answers a value that does not fit into registers; use an OUT pointer");
    }
    if (IsFunctionPointer(fields[1])) return RefuseResult("answers a function pointer");
    return ":" + std::to_string(clang_Type_getSizeOf(fields[1])) + "@" +
           std::to_string(clang_Type_getOffsetOf(type, "value") / 8);
  }

  void Refuse(CXCursor where, const std::string &rule, const std::string &reason) {
    violations_->push_back({ExpansionPlace(where), rule, reason});
  }

 private:
  std::string RefuseResult(const std::string &what) {
    Refuse(function_, "result-shape", "'" + Name(function_) + "' " + what);
    return "";
  }

  std::string RefuseArgument(CXCursor parameter, const std::string &what) {
    Refuse(parameter, "argument-shape",
           "parameter '" + Name(parameter) + "' of '" + Name(function_) + "' " + what);
    return "";
  }

  // The type is canonical: an array has become a pointer.
  std::string Argument(CXCursor parameter, CXType type) {
    if (IsFunctionPointer(type)) {
      return RefuseArgument(parameter, "is a function pointer; pass a reference_t");
    }
    const long long bytes = clang_Type_getSizeOf(type);
    if (!IsIntegerClass(type)) {
      return RefuseArgument(parameter, "does not travel in general registers");
    }
    eightbytes_ += (bytes + kEightbyte - 1) / kEightbyte;
    if (type.kind == CXType_Pointer) return "p";
    if (type.kind != CXType_Record) return "i";
    if (bytes < 1 || bytes > 2 * kEightbyte) {
      return RefuseArgument(parameter, "has " + std::to_string(bytes) +
                                           " bytes; by value at most 16, else by pointer");
    }
    return bytes <= kEightbyte ? "1" : "2";
  }

  CXCursor function_;
  std::vector<Violation> *violations_;
  long long eightbytes_ = 0;
};

}  // namespace

std::string ShapeOf(CXCursor function, std::vector<Violation> *violations) {
  Shape shape(function, violations);
  const std::string arguments = shape.Arguments();
  return arguments + shape.Result();
}

std::string DirectShapeOf(CXCursor function, std::vector<Violation> *violations) {
  Shape shape(function, violations);
  if (clang_getCanonicalType(clang_getCursorResultType(function)).kind != CXType_Void) {
    shape.Refuse(function, "result-shape",
                 "'" + Name(function) + "' is direct, but answers a value");
  }
  shape.Arguments();
  return "direct";
}

}  // namespace fingerprint
