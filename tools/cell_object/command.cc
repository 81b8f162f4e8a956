// SPDX-License-Identifier: MIT
#include "tools/cell_object/command.h"

#include <functional>
#include <map>
#include <ostream>

#include "tools/cell_object/files.h"
#include "tools/cell_object/manifest_text.h"
#include "tools/cell_object/stamp.h"

namespace theseus {
namespace {

constexpr char kUsage[] =
    "usage: cell_object build DESCRIPTION --object IN.o -o OUT.o\n"
    "       cell_object manifest DESCRIPTION --object IN.o -o MANIFEST [--keep FILE]\n"
    "       cell_object stamp --object IN.o --manifest MANIFEST -o OUT.o\n"
    "       cell_object verify OUT.o...\n"
    "DESCRIPTION: --name N [--implements I] [--interface VERSION] [--version VERSION] --summary S\n"
    "       [--init lazy|eager] [--stack BYTES] [--read-window ITEMS] [--right R]...\n"
    "       [--client C]... [--export F]...\n"
    "       [--interface-file FILE] [--import-interface PROVIDER=FILE]...\n"
    "       [--state NAME:FINGERPRINT:VERSION:BYTES]...\n"
    "README.md says more.\n";

struct Options {
  Description description;
  std::string object;
  std::string manifest;
  std::string output;
  std::string keep;
};

std::pair<std::string, std::string> split(const std::string &flag, const std::string &value,
                                          char separator) {
  const size_t at = value.find(separator);
  if (at == std::string::npos) {
    throw UsageError(flag + " " + value + ": a `" + separator + "` is missing");
  }
  return {value.substr(0, at), value.substr(at + 1)};
}

void add_import(Description &description, const std::string &flag, const std::string &value) {
  const auto [provider, path] = split(flag, value, '=');
  description.imports[provider].functions.merge(parse_interface(path, read_file(path)).functions);
}

void add_state(Description &description, const std::string &flag, const std::string &value) {
  const auto [name, rest] = split(flag, value, ':');
  const auto [fingerprint, numbers] = split(flag, rest, ':');
  const auto [version, bytes] = split(flag, numbers, ':');
  if (!description.own.states.emplace(name, State{fingerprint, version, bytes}).second) {
    throw Refusal(description.name, "state " + name, "it is declared twice");
  }
}

void add_own(Description &description, const std::string &path) {
  Interface interface = parse_interface(path, read_file(path));
  description.own.functions.merge(interface.functions);
  description.own.states.merge(interface.states);
}

using Setter = std::function<void(Options &, const std::string &flag, const std::string &value)>;

Setter set(std::string Options::*member) {
  return [member](Options &o, const std::string &, const std::string &v) { o.*member = v; };
}

Setter say(std::string Description::*member) {
  return [member](Options &o, const std::string &, const std::string &v) {
    o.description.*member = v;
  };
}

Setter add(std::vector<std::string> Description::*member) {
  return [member](Options &o, const std::string &, const std::string &v) {
    (o.description.*member).push_back(v);
  };
}

void set_own(Options &options, const std::string &, const std::string &path) {
  add_own(options.description, path);
}

void set_import(Options &options, const std::string &flag, const std::string &value) {
  add_import(options.description, flag, value);
}

void set_state(Options &options, const std::string &flag, const std::string &value) {
  add_state(options.description, flag, value);
}

// The second name of an option is what theseus_cell calls it.
const std::map<std::string, Setter> &setters() {
  static const auto *const kSetters = new std::map<std::string, Setter>{
      {"--object", set(&Options::object)},
      {"--manifest", set(&Options::manifest)},
      {"-o", set(&Options::output)},
      {"--output", set(&Options::output)},
      {"--keep", set(&Options::keep)},
      {"--name", say(&Description::name)},
      {"--implements", say(&Description::implements)},
      {"--interface", say(&Description::interface_version)},
      {"--interface-version", say(&Description::interface_version)},
      {"--version", say(&Description::version)},
      {"--summary", say(&Description::summary)},
      {"--init", say(&Description::init)},
      {"--stack", say(&Description::stack)},
      {"--read-window", say(&Description::read_window)},
      {"--right", add(&Description::rights)},
      {"--client", add(&Description::clients)},
      {"--export", add(&Description::exports)},
      {"--interface-file", set_own},
      {"--exports", set_own},
      {"--import-interface", set_import},
      {"--imports", set_import},
      {"--state", set_state},
  };
  return *kSetters;
}

Options parse_options(const std::vector<std::string> &arguments) {
  Options options;
  for (size_t i = 1; i < arguments.size(); i++) {
    const auto setter = setters().find(arguments[i]);
    if (setter != setters().end()) {
      if (i + 1 == arguments.size()) throw UsageError(arguments[i] + ": a value is missing");
      setter->second(options, arguments[i], arguments[i + 1]);
      i++;
    } else if (arguments[i].starts_with("-") || !options.object.empty()) {
      throw UsageError("unknown argument " + arguments[i]);
    } else {
      options.object = arguments[i];
    }
  }
  if (options.description.implements.empty()) {
    options.description.implements = options.description.name;
  }
  return options;
}

void require(const std::string &value, const std::string &flag) {
  if (value.empty()) throw UsageError(flag + " is missing");
}

std::string keep_list(const Description &description) {
  std::string names;
  for (const auto &[function, unused] : description.own.functions) names += function + "\n";
  return names;
}

void build_command(const Options &options) {
  require(options.description.name, "--name");
  require(options.object, "--object");
  require(options.output, "-o");
  const Relocatable object = read_relocatable(options.description.name, read_file(options.object));
  const std::string manifest = manifest_text(options.description, object);
  write_files({{options.output, stamp(object, manifest)}});
}

void manifest_command(const Options &options) {
  require(options.description.name, "--name");
  require(options.object, "--object");
  require(options.output, "-o");
  const Relocatable object = read_relocatable(options.description.name, read_file(options.object));
  std::vector<std::pair<std::string, std::string>> files = {
      {options.output, manifest_text(options.description, object)}};
  if (!options.keep.empty()) files.emplace_back(options.keep, keep_list(options.description));
  write_files(files);
}

void stamp_command(const Options &options) {
  require(options.object, "--object");
  require(options.manifest, "--manifest");
  require(options.output, "-o");
  const Relocatable object = read_relocatable(options.object, read_file(options.object));
  write_files({{options.output, stamp(object, read_file(options.manifest))}});
}

int verify_command(const std::vector<std::string> &arguments, std::ostream &out) {
  int exit_status = 0;
  if (arguments.size() < 2) throw UsageError("no file to verify");
  for (size_t i = 1; i < arguments.size(); i++) {
    const std::string refused = verify(read_file(arguments[i]));
    out << arguments[i] << (refused.empty() ? ": ok" : ": error BAD_OBJECT: ") << refused << "\n";
    if (!refused.empty()) exit_status = 1;
  }
  return exit_status;
}

int run(const std::vector<std::string> &arguments, std::ostream &out) {
  const std::string command = arguments.empty() ? "" : arguments[0];
  if (command == "verify") return verify_command(arguments, out);
  if (command != "build" && command != "manifest" && command != "stamp") {
    throw UsageError("no command");
  }
  const Options options = parse_options(arguments);
  if (command == "build") build_command(options);
  if (command == "manifest") manifest_command(options);
  if (command == "stamp") stamp_command(options);
  return 0;
}

}  // namespace

int cell_object(const std::vector<std::string> &arguments, std::ostream &out, std::ostream &err) {
  try {
    return run(arguments, out);
  } catch (const UsageError &error) {
    err << "cell_object: " << error.what() << "\n" << kUsage;
    return 2;
  } catch (const Refusal &refusal) {
    err << refusal.what() << "\n";
    return 1;
  }
}

}  // namespace theseus
