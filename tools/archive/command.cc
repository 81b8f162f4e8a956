// SPDX-License-Identifier: MIT
#include "tools/archive/command.h"

#include <map>
#include <ostream>

#include "tools/archive/archive_writer.h"
#include "tools/cell_object/files.h"

namespace theseus {
namespace {

constexpr char kUsage[] =
    "usage: archive create --manifest IMAGE.cells -o OUT.cpio OBJECT=FILE...\n"
    "       archive append --archive IN.cpio -o OUT.cpio [OBJECT=]FILE...\n"
    "       archive list IN.cpio\n"
    "       archive extract IN.cpio NAME -o OUT\n"
    "README.md says more.\n";

struct Options {
  std::string command;
  std::string manifest;
  std::string archive;
  std::string output;
  std::vector<std::string> words;
};

Options parse_options(const std::vector<std::string> &arguments) {
  Options options;
  const std::map<std::string, std::string *> flags = {{"--manifest", &options.manifest},
                                                      {"--archive", &options.archive},
                                                      {"-o", &options.output},
                                                      {"--output", &options.output}};
  if (arguments.empty()) throw UsageError("no command");
  options.command = arguments[0];
  for (size_t i = 1; i < arguments.size(); i++) {
    const auto flag = flags.find(arguments[i]);
    if (flag != flags.end()) {
      if (i + 1 == arguments.size()) throw UsageError(arguments[i] + ": a value is missing");
      *flag->second = arguments[++i];
    } else if (arguments[i].starts_with("-")) {
      throw UsageError("unknown argument " + arguments[i]);
    } else {
      options.words.push_back(arguments[i]);
    }
  }
  return options;
}

void require(bool condition, const std::string &what) {
  if (!condition) throw UsageError(what + " is missing");
}

std::string without(const std::string &text, const std::string &suffix) {
  return text.ends_with(suffix) ? text.substr(0, text.size() - suffix.size()) : text;
}

// `OBJECT=FILE`; without `=` the object is called as the file, less `.cell.o` or `.o`.
std::pair<std::string, std::string> object_and_file(const std::string &word) {
  const size_t at = word.find('=');
  if (at != std::string::npos) return {without(word.substr(0, at), ".o"), word.substr(at + 1)};
  const std::string base = word.substr(word.rfind('/') + 1);
  return {without(without(base, ".o"), ".cell"), word};
}

void create(const Options &options) {
  require(!options.manifest.empty(), "--manifest");
  require(!options.output.empty(), "-o");
  std::map<std::string, std::string> objects;
  for (const std::string &word : options.words) {
    const auto [object, path] = object_and_file(word);
    if (!objects.emplace(object, read_file(path)).second) {
      throw Refusal(object, "duplicate", "it is given twice");
    }
  }
  const Files files = image_files(read_file(options.manifest), objects);
  write_files({{options.output, write_archive(files)}});
}

void append(const Options &options) {
  require(!options.archive.empty(), "--archive");
  require(!options.output.empty(), "-o");
  Files files = read_archive(options.archive, read_file(options.archive));
  for (const std::string &word : options.words) {
    const auto [object, path] = object_and_file(word);
    append_object(files, object, read_file(path));
  }
  write_files({{options.output, write_archive(files)}});
}

void list(const Options &options, std::ostream &out) {
  require(options.words.size() == 1, "the archive");
  const std::string &path = options.words[0];
  for (const auto &[name, content] : read_archive(path, read_file(path))) {
    out << name << " " << content.size() << "\n";
  }
}

void extract(const Options &options) {
  require(options.words.size() == 2, "the archive, or the name in it,");
  require(!options.output.empty(), "-o");
  const std::string &path = options.words[0];
  for (const auto &[name, content] : read_archive(path, read_file(path))) {
    if (name != options.words[1]) continue;
    write_files({{options.output, content}});
    return;
  }
  throw Refusal(options.words[1], "not in the archive", "`archive list` shows what is");
}

void run(const std::vector<std::string> &arguments, std::ostream &out) {
  const Options options = parse_options(arguments);
  if (options.command == "create") return create(options);
  if (options.command == "append") return append(options);
  if (options.command == "list") return list(options, out);
  if (options.command == "extract") return extract(options);
  throw UsageError("unknown command " + options.command);
}

}  // namespace

int archive_tool(const std::vector<std::string> &arguments, std::ostream &out, std::ostream &err) {
  try {
    run(arguments, out);
    return 0;
  } catch (const UsageError &error) {
    err << "archive: " << error.what() << "\n" << kUsage;
    return 2;
  } catch (const Refusal &refusal) {
    err << refusal.what() << "\n";
    return 1;
  }
}

}  // namespace theseus
