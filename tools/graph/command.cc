// SPDX-License-Identifier: MIT
#include "tools/graph/command.h"

#include <ostream>

#include "tools/cell_object/files.h"
#include "tools/graph/compare.h"
#include "tools/graph/graph.h"
#include "tools/graph/picture.h"
#include "tools/run_target/run_target.h"

namespace theseus {
namespace {

constexpr char kUsage[] =
    "usage: tools/bazel run //tools/graph -- [FLAG...]\n"
    "Draws the cells of the default image and what they import, and holds what the build files\n"
    "say of clients and dependencies against the objects. Status 1 where they differ, or where\n"
    "imports make a cycle.\n"
    "  --output FILE    where the picture goes; else bazel-bin/tools/graph/cells.svg\n"
    "  --of INTERFACE   no picture: who imports INTERFACE, directly and by way of others, who "
    "calls\n"
    "                   it by name, who shares its state, and what it needs\n"
    "  --check WHAT     no picture: cycles, intent, or picture (whether docs/cells.svg is the\n"
    "                   present one)\n"
    "  --help\n";

constexpr char kImage[] = "image";
constexpr char kIntent[] = "tools/graph/intent.txt";
constexpr char kDeclared[] = "tools/graph/declared.txt";
constexpr char kPicture[] = "docs/cells.svg";
constexpr char kDefaultOutput[] = "bazel-bin/tools/graph/cells.svg";

struct Options {
  std::string output;
  std::string of;
  std::string check;
  bool help = false;
};

Options parse_options(const std::vector<std::string> &arguments) {
  Options options;
  for (size_t i = 0; i < arguments.size(); i++) {
    const std::string &flag = arguments[i];
    if (flag == "--help") {
      options.help = true;
      continue;
    }
    std::string *const target = flag == "--output"  ? &options.output
                                : flag == "--of"    ? &options.of
                                : flag == "--check" ? &options.check
                                                    : nullptr;
    if (target == nullptr) throw UsageError("unknown argument " + flag);
    if (++i == arguments.size()) throw UsageError(flag + ": a value is missing");
    *target = arguments[i];
  }
  const bool is_known = options.check.empty() || options.check == "cycles" ||
                        options.check == "intent" || options.check == "picture";
  if (!is_known) throw UsageError("--check cycles, intent or picture");
  return options;
}

struct Facts {
  ImageFacts image = read_image(kImage);
  Declarations declarations = read_declarations(kDeclared, read_file(kDeclared));
  Graph graph = make_graph(image);
};

int report_cycles(const Facts &facts, std::ostream &out, std::ostream &err) {
  const auto cycles = find_cycles(facts.graph, facts.declarations);
  for (const std::vector<std::string> &cycle : cycles) {
    err << "error: import cycle: ";
    for (size_t i = 0; i < cycle.size(); i++) err << (i == 0 ? "" : " -> ") << cycle[i];
    err << ": call one of them by reference, or declare `cycle FROM TO reason` in " << kDeclared
        << "\n";
  }
  if (cycles.empty()) {
    out << facts.graph.imports.size()
        << " imports of one interface by another, no undeclared cycle\n";
  }
  return cycles.empty() ? 0 : 1;
}

int report_differences(const Facts &facts, std::ostream &out, std::ostream &err) {
  const Intent intent = read_intent(kIntent, read_file(kIntent));
  const auto differences = find_differences(facts.image, intent, facts.declarations);
  for (const std::string &sentence : differences) err << "error: " << sentence << "\n";
  if (differences.empty()) {
    out << "the build files of " << intent.size() << " cells say what their objects do\n";
  }
  return differences.empty() ? 0 : 1;
}

int report_picture(const Facts &facts, std::ostream &out, std::ostream &err) {
  if (svg(draw(facts.graph, facts.declarations)) == read_file(kPicture)) {
    out << kPicture << " is the present picture\n";
    return 0;
  }
  err << "error: " << kPicture
      << ": out of date: cells, their imports or their state have changed; "
      << "type `tools/bazel run //tools/graph -- --output " << kPicture << "` in the root of the "
      << "clone and commit the file\n";
  return 1;
}

int write_picture(const Options &options, const Facts &facts, std::ostream &out,
                  std::ostream &err) {
  const std::string path = options.output.empty() ? workspace_folder() + "/" + kDefaultOutput
                                                  : user_path(options.output);
  write_files({{path, svg(draw(facts.graph, facts.declarations))}});
  out << "written: " << path << "\n";
  const int cycles = report_cycles(facts, out, err);
  const int differences = report_differences(facts, out, err);
  return cycles == 0 && differences == 0 ? 0 : 1;
}

int run(const Options &options, std::ostream &out, std::ostream &err) {
  if (options.help) {
    out << kUsage;
    return 0;
  }
  const Facts facts;
  if (!options.of.empty()) {
    out << describe_slot(facts.graph, options.of);
    return 0;
  }
  if (options.check == "cycles") return report_cycles(facts, out, err);
  if (options.check == "intent") return report_differences(facts, out, err);
  if (options.check == "picture") return report_picture(facts, out, err);
  return write_picture(options, facts, out, err);
}

}  // namespace

int graph_tool(const std::vector<std::string> &arguments, std::ostream &out, std::ostream &err) {
  try {
    return run(parse_options(arguments), out, err);
  } catch (const UsageError &error) {
    err << "graph: " << error.what() << "\n" << kUsage;
    return 2;
  } catch (const Refusal &refusal) {
    err << refusal.what() << "\n";
    return 1;
  }
}

}  // namespace theseus
