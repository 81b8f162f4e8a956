// SPDX-License-Identifier: MIT
#include "tools/graph/graph.h"

#include <gtest/gtest.h>

#include <sstream>

#include "tools/cell_object/files.h"
#include "tools/graph/command.h"
#include "tools/graph/compare.h"
#include "tools/graph/testing.h"

namespace theseus {
namespace {

using testing::alarm_image;
using testing::alarm_intent;
using testing::cell;

using Names = std::vector<std::string>;

TEST(IntentTest, Read_LinesOfTheBuild_AreKept) {
  const Intent intent = read_intent("x", "cell a b\nclient //cells/c:__pkg__\ndep d\ncell e e\n");
  EXPECT_EQ(intent.at("a").implements, "b");
  EXPECT_EQ(intent.at("a").clients, Names{"//cells/c:__pkg__"});
  EXPECT_EQ(intent.at("a").deps, Names{"d"});
  EXPECT_TRUE(intent.at("e").clients.empty());
  for (const char *text : {"client x\n", "cell a\n", "nonsense\n", "cell a a\ndep\n"}) {
    EXPECT_THROW(read_intent("x", text), Refusal) << text;
  }
}

TEST(IntentTest, Declarations_AreReadWithTheirReason) {
  const Declarations lines = read_declarations("x", "# a\n\nreference a b_*  because it is so\n");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].reason, "because it is so");
  EXPECT_TRUE(lines[0].covers("reference", "a", "b_c"));
  EXPECT_FALSE(lines[0].covers("reference", "a", "c"));
  EXPECT_FALSE(lines[0].covers("types", "a", "b_c"));
  for (const char *text : {"cycle a b\n", "wheel a b why\n", "cycle a b x\ncycle a b y\n"}) {
    EXPECT_THROW(read_declarations("x", text), Refusal) << text;
  }
}

TEST(GraphTest, Make_ImportsAreCountedByInterface) {
  const ImageFacts image = alarm_image();
  const Graph graph = make_graph(image);
  ASSERT_EQ(graph.slots.at("bell").objects.size(), 2u);
  EXPECT_EQ(graph.slots.at("bell").objects[0]->name, "bell");
  EXPECT_EQ(graph.slots.at("clock").core_functions, std::set<std::string>{"event_signal"});
  ASSERT_EQ(graph.imports.size(), 2u);
  EXPECT_EQ(graph.imports[0].from, "alarm");
  EXPECT_EQ(graph.imports[0].to, "bell");
  EXPECT_EQ(graph.imports[0].functions, (std::set<std::string>{"bell_ring", "bell_stop"}));
  EXPECT_EQ(graph.imports[1].to, "clock");
  ASSERT_EQ(graph.references.size(), 1u);
  EXPECT_EQ(graph.references[0].from, "clock");
  EXPECT_EQ(graph.references[0].to, "alarm");
  EXPECT_EQ(graph.core_references, std::set<std::string>{"clock_tick"});
}

TEST(GraphTest, Describe_SaysWhoBreaks) {
  ImageFacts image = alarm_image();
  image.cells.push_back(cell("house", {"house_wake"}, {{"alarm", "alarm_set"}}));
  EXPECT_EQ(describe_slot(make_graph(image), "clock"),
            "clock\n"
            "imported by\n"
            "  alarm                   clock_now\n"
            "and, by way of those, by\n"
            "  house\n"
            "called by name by\n"
            "  nano_core               clock_tick\n"
            "shares state with\n"
            "  alarm                   clock_state\n"
            "imports\n"
            "  nano_core               event_signal\n");
  EXPECT_THROW(describe_slot(make_graph(image), "gong"), Refusal);
}

TEST(CycleTest, Find_NoCycle_IsNothing) {
  const ImageFacts image = alarm_image();
  EXPECT_TRUE(find_cycles(make_graph(image), {}).empty());
}

TEST(CycleTest, Find_Cycle_IsItsPath) {
  ImageFacts image = alarm_image();
  image.cells[1].imports.push_back({"house", "house_wake"});
  image.cells.push_back(cell("house", {"house_wake"}, {{"alarm", "alarm_set"}}));
  const auto cycles = find_cycles(make_graph(image), {});
  ASSERT_EQ(cycles.size(), 1u);
  EXPECT_EQ(cycles[0], (Names{"alarm", "bell", "house", "alarm"}));
  EXPECT_TRUE(find_cycles(make_graph(image), {{"cycle", "house", "alarm", "why"}}).empty());
  EXPECT_EQ(find_cycles(make_graph(image), {{"cycle", "alarm", "clock", "why"}}).size(), 1u);
}

TEST(CycleTest, Find_ImportOfItsOwnInterface_IsACycle) {
  ImageFacts image = alarm_image();
  image.cells[1].imports.push_back({"bell", "bell_ring"});
  const auto cycles = find_cycles(make_graph(image), {});
  ASSERT_EQ(cycles.size(), 1u);
  EXPECT_EQ(cycles[0], (Names{"bell", "bell"}));
}

class CompareTest : public ::testing::Test {
 protected:
  // Expects exactly one difference, which begins so.
  void expect_difference(const std::string &beginning) {
    const Names found = find_differences(image_, intent_, declarations_);
    ASSERT_EQ(found.size(), 1u) << (found.empty() ? "nothing" : found[0] + "\n" + found.back());
    EXPECT_EQ(found[0].find(beginning), 0u) << found[0];
  }

  // A client in the build file and in the object.
  void add_client(size_t index, const std::string &label, const std::string &name) {
    intent_[image_.cells[index].name].clients.push_back(label);
    image_.cells[index].clients.push_back(name);
  }

  ImageFacts image_ = alarm_image();
  Intent intent_ = alarm_intent();
  Declarations declarations_;
};

TEST_F(CompareTest, IntentAndFact_Same_HaveNoDifference) {
  EXPECT_TRUE(find_differences(image_, intent_, {}).empty());
}

TEST_F(CompareTest, ClientThatNeverCalls_IsFoundUnlessDeclared) {
  add_client(1, "//cells/clock:__pkg__", "clock");
  expect_difference("cells/bell: the client clock calls none of its functions: take ");
  declarations_ = {{"reference", "clock", "bell", "why"}};
  EXPECT_TRUE(find_differences(image_, intent_, declarations_).empty());
}

TEST_F(CompareTest, ClientOutsideOfTheImage_IsFound) {
  add_client(1, "//cells/gone:__pkg__", "gone");
  expect_difference("cells/bell: the client gone is not in the image");
}

TEST_F(CompareTest, ClientOfATest_IsNotAskedFor) {
  add_client(1, "//testing/swap:__pkg__", "swap");
  EXPECT_TRUE(find_differences(image_, intent_, {}).empty());
}

TEST_F(CompareTest, ItsOwnClient_IsFound) {
  add_client(1, "//cells/bell:__pkg__", "bell");
  expect_difference("cells/bell: it is its own client");
}

TEST_F(CompareTest, NanoCoreAsClientThatNamesNothing_IsFound) {
  image_.core.words.clear();
  expect_difference("cells/clock: nano_core is a client, but names none of its functions");
}

TEST_F(CompareTest, ObjectWithOtherClients_IsFound) {
  image_.cells[1].clients.push_back("house");
  expect_difference("cells/bell: the clients in its object are not those of its build file");
}

TEST_F(CompareTest, DependencyOfWhichNothingIsUsed_IsFoundUnlessDeclared) {
  intent_["clock"].deps.push_back("bell");
  expect_difference("cells/clock: it calls nothing of its dependency bell");
  declarations_ = {{"types", "clock", "bell", "why"}};
  EXPECT_TRUE(find_differences(image_, intent_, declarations_).empty());
}

TEST_F(CompareTest, ImportThatIsNotAdmittedByOneImplementation_IsFound) {
  image_.cells[2].clients.clear();
  intent_["bell_quiet"].clients.clear();
  const Names found = find_differences(image_, intent_, {});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0],
            "cells/bell_quiet: alarm imports bell_ring, but is no client: add "
            "\"//cells/alarm:__pkg__\" to its visibility");
}

TEST_F(CompareTest, ImportThatOneImplementationLacks_IsFound) {
  image_.cells[2].exports = {"bell_ring"};
  expect_difference("cells/bell_quiet: it does not publish bell_stop, which alarm imports");
}

TEST_F(CompareTest, ImportThatNobodyServes_IsFound) {
  image_.cells[0].imports.push_back({"gong", "gong_hit"});
  expect_difference("cells/alarm: it imports gong_hit, but nothing in the image implements gong");
}

TEST_F(CompareTest, NameOfAFunctionThatIsNotAdmitted_IsFound) {
  image_.cells[1].words = {"clock_now"};
  expect_difference("cells/clock: bell names clock_now, but is no client");
}

TEST_F(CompareTest, CellWithoutIntent_IsFound) {
  image_.cells.push_back(cell("house", {"house_wake"}, {}));
  expect_difference("house is in the image, but its build file was not read");
}

TEST_F(CompareTest, DeclarationThatNothingNeeds_IsFound) {
  declarations_ = {{"cycle", "alarm", "bell", "why"}};
  EXPECT_TRUE(find_differences(image_, intent_, declarations_).empty());
  declarations_ = {{"cycle", "bell", "alarm", "why"}};
  expect_difference("tools/graph/declared.txt: nothing needs `cycle bell alarm`");
}

int run(const Names &arguments, std::string &out, std::string &err) {
  std::ostringstream out_stream;
  std::ostringstream err_stream;
  const int status = graph_tool(arguments, out_stream, err_stream);
  out = out_stream.str();
  err = err_stream.str();
  return status;
}

TEST(GraphToolTest, Usage_ExitsWith2) {
  std::string out;
  std::string err;
  for (const Names &arguments :
       {Names{"--nonsense"}, Names{"--of"}, Names{"--output"}, Names{"--check", "colours"}}) {
    EXPECT_EQ(run(arguments, out, err), 2) << arguments[0];
    EXPECT_NE(err.find("usage: "), std::string::npos);
  }
  EXPECT_EQ(run({"--help"}, out, err), 0);
  EXPECT_EQ(out.find("usage: tools/bazel run //tools/graph"), 0u);
}

TEST(GraphToolTest, Image_Missing_IsRefused) {
  std::string out;
  std::string err;
  EXPECT_EQ(run({"--of", "bell"}, out, err), 1);
  EXPECT_EQ(err.find("error: "), 0u);
}

}  // namespace
}  // namespace theseus
