// SPDX-License-Identifier: MIT
#include "tools/cell_object/manifest_text.h"

#include <algorithm>
#include <set>
#include <sstream>

#include "nano_core/loader/manifest.h"
#include "tools/cell_object/files.h"
#include "tools/cell_object/rules.h"

namespace theseus {
namespace {

constexpr char kStatePrefix[] = "state_";
constexpr size_t kStatePrefixLength = sizeof(kStatePrefix) - 1;

class Checker {
 public:
  Checker(const Description &description, const Relocatable &object)
      : description_(description), object_(object) {}

  [[noreturn]] void refuse(const std::string &rule, const std::string &reason) const {
    throw Refusal(description_.name, rule, reason);
  }

  void check_names() const {
    check_name("name", description_.name);
    check_name("implements", description_.implements);
    for (const std::string &client : description_.clients) check_name("client", client);
    for (const auto &[state, unused] : description_.own.states) check_name("state", state);
    for (const auto &[function, unused] : description_.own.functions) {
      check_name("export", function);
      if (!function.starts_with(description_.implements + "_")) {
        refuse("export " + function,
               "a published name begins with " + description_.implements + "_");
      }
    }
    const size_t length = description_.summary.size();
    if (length == 0 || length > kManifestSummaryBytes) {
      refuse("summary", "it has 1 to 120 characters, not " + std::to_string(length));
    }
  }

  // The exports of the build file and the marked functions of the interface are the same, and the
  // object defines them.
  void check_exports() const {
    const std::set<std::string> declared(description_.exports.begin(), description_.exports.end());
    if (declared.size() != description_.exports.size()) {
      refuse("exports", "one is named twice: leave it out");
    }
    for (const auto &[function, unused] : description_.own.functions) {
      if (!declared.empty() && !declared.contains(function)) {
        refuse("undeclared export " + function, "add it to exports, or take CELL_EXPORT away");
      }
      const ObjectSymbol *symbol = object_.find_defined(function);
      if (symbol == nullptr || symbol->type() != kElfSymbolFunction) {
        refuse("undefined export " + function, "it is published, but no source file defines it");
      }
    }
    for (const std::string &function : declared) {
      if (!description_.own.functions.contains(function)) {
        refuse("unpublished export " + function, "mark its prototype with CELL_EXPORT");
      }
    }
  }

  // A driver can be reset, and says what its failure can cost.
  void check_driver() const {
    const auto publishes = [this](const char *verb) {
      return description_.own.functions.contains(description_.implements + verb);
    };
    const bool has_window = !description_.read_window.empty();
    const std::string reset = description_.implements + "_reset";
    if (publishes("_interrupt") && !has_window) {
      refuse("read_window missing",
             "a cell with a handler of interrupts declares how many items "
             "can be lost between device and blob");
    }
    if ((publishes("_interrupt") || has_window) && !publishes("_reset")) {
      refuse("reset missing",
             "a cell with a handler of interrupts or a read window publishes " + reset);
    }
  }

  // Binds each undefined symbol of the object.
  // @returns  the functions that it calls, each with its provider
  std::map<std::string, std::string> check_undefined() const {
    std::map<std::string, std::string> calls;
    for (const ObjectSymbol &symbol : object_.symbols) {
      if (!symbol.is_undefined()) continue;
      const std::string provider = find_provider(symbol.name);
      if (!provider.empty()) {
        calls[symbol.name] = provider;
      } else if (symbol.name.starts_with(kStatePrefix)) {
        check_state(symbol.name.substr(kStatePrefixLength));
      } else if (is_library_call(symbol.name)) {
        refuse("library call " + symbol.name,
               "a cell has no library: write it out, or call a cell");
      } else {
        refuse("undeclared import " + symbol.name, "add the cell that publishes it to deps");
      }
    }
    return calls;
  }

 private:
  void check_name(const std::string &what, const std::string &name) const {
    if (manifest_is_name({name.data(), name.size()})) return;
    refuse(what + " " + name, "a name is [a-z][a-z0-9_]*, at most 63 characters");
  }

  void check_state(const std::string &name) const {
    if (description_.own.states.contains(name)) return;
    refuse("undeclared state " + name, "add it to the cell's state");
  }

  std::string find_provider(const std::string &function) const {
    std::string found;
    for (const auto &[provider, interface] : description_.imports) {
      if (!interface.functions.contains(function)) continue;
      if (!found.empty()) {
        refuse("import " + function, "both " + found + " and " + provider + " publish it");
      }
      found = provider;
    }
    return found;
  }

  const Description &description_;
  const Relocatable &object_;
};

std::vector<std::string> sorted(std::vector<std::string> words) {
  std::sort(words.begin(), words.end());
  return words;
}

std::string write(const Description &description, const std::map<std::string, std::string> &calls) {
  std::ostringstream text;
  text << "theseus 1\nhash " << std::string(kManifestHashDigits, '0')  //
       << "\nname " << description.name << "\nimplements " << description.implements
       << "\ninterface " << description.interface_version << "\nversion " << description.version
       << "\nsummary " << description.summary << "\ninit " << description.init << "\nstack "
       << description.stack << "\n";
  if (!description.read_window.empty()) text << "read_window " << description.read_window << "\n";
  for (const std::string &right : sorted(description.rights)) text << "right " << right << "\n";
  for (const auto &[name, function] : description.own.functions) {
    text << "export " << name << " " << function.fingerprint << " " << function.shape << "\n";
  }
  for (const auto &[name, provider] : calls) {
    text << "import " << provider << " " << name << " "
         << description.imports.at(provider).functions.at(name).fingerprint << "\n";
  }
  for (const std::string &client : sorted(description.clients)) text << "client " << client << "\n";
  for (const auto &[name, state] : description.own.states) {
    text << "state " << name << " " << state.fingerprint << " " << state.version << " "
         << state.bytes << "\n";
  }
  text << "end\n";
  return text.str();
}

// The line of `text` that a message of the manifest's reader speaks of.
std::string line_of(const std::string &text, const std::string &message) {
  std::istringstream number(message.substr(message.find("line ") + 5));
  size_t index = 0;
  number >> index;
  std::istringstream lines(text);
  std::string line;
  while (index-- > 0) std::getline(lines, line);
  return line;
}

}  // namespace

Interface parse_interface(const std::string &subject, const std::string &text) {
  Interface interface;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::vector<std::string> fields;
    for (std::string word; words >> word;) fields.push_back(word);
    bool is_new = false;
    if (fields.size() == 5 && fields[0] == "state") {
      is_new = interface.states.emplace(fields[1], State{fields[2], fields[3], fields[4]}).second;
    } else if (fields.size() == 3) {
      is_new = interface.functions.emplace(fields[0], Function{fields[1], fields[2]}).second;
    }
    if (!is_new) {
      throw Refusal(subject, "line `" + line + "`",
                    "it is malformed or there twice: write the file with tools/fingerprint");
    }
  }
  return interface;
}

std::string manifest_text(const Description &description, const Relocatable &object) {
  const Checker checker(description, object);
  checker.check_names();
  check_rules(description.name, object);
  checker.check_exports();
  checker.check_driver();
  const std::string text = write(description, checker.check_undefined());
  manifest_t manifest = {};
  message_t message = {};
  if (!status_is_ok(manifest_parse({text.data(), text.size()}, &manifest, &message))) {
    checker.refuse("manifest `" + line_of(text, message.text) + "`", message.text);
  }
  return text;
}

}  // namespace theseus
