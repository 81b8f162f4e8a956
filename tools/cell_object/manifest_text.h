// SPDX-License-Identifier: MIT
/// @file
/// The rules that an object must keep to become a cell, and the text of its manifest.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tools/cell_object/relocatable.h"

namespace theseus {

/// A published function, as a line of a `.interface` file says.
struct Function {
  std::string fingerprint;
  std::string shape;
};

/// A blob, as a line of a `.interface` file or `--state` says.
struct State {
  std::string fingerprint;
  std::string version;
  std::string bytes;
};

/// A `.interface` file: lines `FUNCTION FINGERPRINT SHAPE` and `state NAME FINGERPRINT VERSION
/// BYTES`.
struct Interface {
  std::map<std::string, Function> functions;
  std::map<std::string, State> states;
};

/// @param subject  named in refusals
/// @throws Refusal
Interface parse_interface(const std::string &subject, const std::string &text);

/// What the build says about a cell. Numbers are text: the manifest's own reader checks them.
struct Description {
  std::string name;
  std::string implements;
  std::string interface_version = "1";
  std::string version = "1";
  std::string summary;
  std::string init = "lazy";
  std::string stack = "4096";
  std::string read_window;  // empty: none is declared
  std::vector<std::string> rights;
  std::vector<std::string> clients;
  std::vector<std::string> exports;  // exactly what `own` publishes; empty: all of it
  Interface own;
  std::map<std::string, Interface> imports;  // by provider
};

/// Checks the object against the rules (README.md) and writes the manifest, with zeros as hash.
/// @throws Refusal
std::string manifest_text(const Description &description, const Relocatable &object);

}  // namespace theseus
