// SPDX-License-Identifier: MIT
/// @file
/// Writes the object that is loaded.
#pragma once
#include <string>

#include "tools/cell_object/relocatable.h"

namespace theseus {

/// Writes what the loader needs of `object` and nothing else: loaded sections, their relocations,
/// the exports and imports among the symbols, and the manifest with the hash. Every other symbol is
/// local to the linker: references to it become references to its section. The result depends on
/// nothing but the arguments, and the loader accepts it.
/// @throws Refusal
std::string stamp(const Relocatable &object, const std::string &manifest);

/// Runs the loader over `file`: parses, verifies the hash, places.
/// @returns  empty, or the loader's message
std::string verify(const std::string &file);

}  // namespace theseus
