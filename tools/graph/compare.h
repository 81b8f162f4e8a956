// SPDX-License-Identifier: MIT
/// @file
/// Intent against fact.
#pragma once
#include <string>
#include <vector>

#include "tools/graph/intent.h"
#include "tools/image_facts/image_facts.h"

namespace theseus {

/// What the build files say and the objects do not bear out, and the other way round; a sentence
/// each, with the remedy. Declarations that nothing needs are differences, too.
///   * a client that neither imports a function nor has the name of one among its constants
///   * a client that is not in the image (tests are not asked for)
///   * a dependency of which nothing is used
///   * an import that no object of the image serves, or that one of those that implement the
///     interface does not publish, or does not admit
///   * a name of a function among the constants of a cell that its publisher does not admit
///   * a list of clients in an object other than that of its build file
std::vector<std::string> find_differences(const ImageFacts &image, const Intent &intent,
                                          const Declarations &declarations);

}  // namespace theseus
