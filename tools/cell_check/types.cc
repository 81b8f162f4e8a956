// SPDX-License-Identifier: MIT
#include "tools/cell_check/types.h"

#include <vector>

#include "tools/cell_ast/ast.h"

namespace cell_check {
namespace {

using cell_ast::FieldTypes;

bool IsArrayKind(CXTypeKind kind) {
  return kind == CXType_ConstantArray || kind == CXType_IncompleteArray ||
         kind == CXType_VariableArray || kind == CXType_DependentSizedArray;
}

}  // namespace

bool IsPointer(CXType type) { return clang_getCanonicalType(type).kind == CXType_Pointer; }

bool IsArray(CXType type) { return IsArrayKind(clang_getCanonicalType(type).kind); }

bool IsFunction(CXType type) {
  const CXTypeKind kind = clang_getCanonicalType(type).kind;
  return kind == CXType_FunctionProto || kind == CXType_FunctionNoProto;
}

bool IsFunctionPointer(CXType type) {
  return IsPointer(type) && IsFunction(clang_getPointeeType(clang_getCanonicalType(type)));
}

bool IsInteger(CXType type) {
  const CXTypeKind kind = clang_getCanonicalType(type).kind;
  return kind == CXType_Enum || (kind >= CXType_Bool && kind <= CXType_Int128);
}

bool IsFloat(CXType type) {
  const CXTypeKind kind = clang_getCanonicalType(type).kind;
  return (kind >= CXType_Float && kind <= CXType_LongDouble) || kind == CXType_Float128 ||
         kind == CXType_Half || kind == CXType_Float16 || kind == CXType_BFloat16 ||
         kind == CXType_Complex || kind == CXType_Vector;
}

bool IsCharacter(CXType type) {
  const CXTypeKind kind = clang_getCanonicalType(type).kind;
  return kind == CXType_Char_S || kind == CXType_Char_U || kind == CXType_SChar ||
         kind == CXType_UChar;
}

CXType ElementOf(CXType type) {
  CXType element = clang_getCanonicalType(type);
  while (IsArrayKind(element.kind)) {
    element = clang_getCanonicalType(clang_getArrayElementType(element));
  }
  return element;
}

bool IsConst(CXType type) {
  CXType part = clang_getCanonicalType(type);
  while (!clang_isConstQualifiedType(part)) {
    if (!IsArrayKind(part.kind)) return false;
    part = clang_getArrayElementType(part);
  }
  return true;
}

bool Contains(CXType type, bool (*test)(CXType)) {
  const CXType element = ElementOf(type);
  if (test(element)) return true;
  if (element.kind != CXType_Record) return false;
  for (const CXType field : FieldTypes(element)) {
    if (Contains(field, test)) return true;
  }
  return false;
}

bool HasVariableLength(CXType type) {
  const CXType canonical = clang_getCanonicalType(type);
  if (canonical.kind == CXType_VariableArray) return true;
  if (IsArrayKind(canonical.kind)) return HasVariableLength(clang_getArrayElementType(canonical));
  return canonical.kind == CXType_Pointer && HasVariableLength(clang_getPointeeType(canonical));
}

bool IsStatus(CXType type) {
  const CXType canonical = clang_getCanonicalType(type);
  if (canonical.kind != CXType_Record) return false;
  if (cell_ast::Name(clang_getTypeDeclaration(canonical)) == "status") return true;
  const std::vector<CXType> fields = FieldTypes(canonical);
  return !fields.empty() && clang_getCanonicalType(fields[0]).kind == CXType_Record &&
         cell_ast::Name(clang_getTypeDeclaration(clang_getCanonicalType(fields[0]))) == "status";
}

}  // namespace cell_check
