// SPDX-License-Identifier: MIT
/// @file
/// The rules that sections, symbols and relocations of a cell's object must keep. The loader has
/// them too; here each refusal names the source of the trouble and the remedy.
#pragma once
#include <string>

#include "tools/cell_object/relocatable.h"

namespace theseus {

/// @param cell  named in refusals
/// @throws Refusal
void check_rules(const std::string &cell, const Relocatable &object);

/// Whether `symbol` is a function of the C library or of the compiler's own library.
bool is_library_call(const std::string &symbol);

}  // namespace theseus
