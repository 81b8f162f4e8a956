// SPDX-License-Identifier: MIT
// After Sugiyama, Tagawa and Toda: assign layers, add a place for each crossing, order each layer
// by the barycenter of its neighbours, then move as near to the neighbours as the order permits.
#include "tools/graph/layering.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>

namespace theseus {
namespace {

constexpr int kCrossingWidth = 6;
constexpr int kOrderSweeps = 40;
constexpr int kPlaceSweeps = 60;
// Edges that cross layers are kept straight before boxes are kept near.
constexpr double kCrossingWeight = 4;

struct Item {
  int width;
  int layer;
  bool is_crossing;
  double center = 0;
  std::vector<int> above;
  std::vector<int> below;
};

struct Key {
  double wanted;
  double place;
  int item;
};

// Neighbours in a layer that touch, and move as one.
struct Cluster {
  double sum = 0;
  double weight = 0;
  size_t items = 0;

  double position() const { return sum / weight; }
};

class Arranger {
 public:
  explicit Arranger(const LayeringInput &input) : input_(input) {
    for (const int width : input.widths) items_.push_back({width, 0, false, 0, {}, {}});
  }

  Layering run() {
    assign_layers();
    add_crossings();
    order();
    place();
    return result();
  }

 private:
  void assign_layers() {
    const size_t count = input_.widths.size();
    std::vector<int> waits_for(count);
    std::vector<int> earliest(count);
    for (const auto &[from, to] : input_.edges) waits_for[static_cast<size_t>(to)]++;
    std::set<std::pair<int, int>> ready;
    for (size_t i = 0; i < count; i++) {
      if (waits_for[i] == 0) ready.insert({0, static_cast<int>(i)});
    }
    std::vector<int> used;
    while (!ready.empty()) {
      const auto [layer, box] = *ready.begin();
      ready.erase(ready.begin());
      settle(box, layer, used);
      for (const auto &[from, to] : input_.edges) {
        if (from != box) continue;
        int &early = earliest[static_cast<size_t>(to)];
        early = std::max(early, item(box).layer + 1);
        if (--waits_for[static_cast<size_t>(to)] == 0) ready.insert({early, to});
      }
    }
    layers_.resize(used.size());
    for (size_t i = 0; i < count; i++) {
      layers_[static_cast<size_t>(items_[i].layer)].push_back(static_cast<int>(i));
    }
  }

  // Puts a box into the first layer from `layer` on that has room.
  void settle(int box, int layer, std::vector<int> &used) {
    const int width = item(box).width + input_.gap;
    for (;; layer++) {
      if (used.size() <= static_cast<size_t>(layer)) used.resize(static_cast<size_t>(layer) + 1);
      int &in_layer = used[static_cast<size_t>(layer)];
      if (in_layer > 0 && in_layer + width > input_.layer_width) continue;
      in_layer += width;
      item(box).layer = layer;
      return;
    }
  }

  void add_crossings() {
    for (const auto &[from, to] : input_.edges) {
      std::vector<int> path;
      int last = from;
      for (int layer = item(from).layer + 1; layer < item(to).layer; layer++) {
        const int crossing = static_cast<int>(items_.size());
        items_.push_back({kCrossingWidth, layer, true, 0, {}, {}});
        layers_[static_cast<size_t>(layer)].push_back(crossing);
        join(last, crossing);
        path.push_back(crossing);
        last = crossing;
      }
      join(last, to);
      paths_.push_back(path);
    }
  }

  void join(int above, int below) {
    item(above).below.push_back(below);
    item(below).above.push_back(above);
  }

  void order() {
    std::vector<std::vector<int>> best = layers_;
    int64_t fewest = count_crossings();
    for (int sweep = 0; sweep < kOrderSweeps; sweep++) {
      const bool down = sweep % 2 == 0;
      for (size_t i = 0; i < layers_.size(); i++) {
        sort_layer(layers_[down ? i : layers_.size() - 1 - i], down);
      }
      const int64_t crossings = count_crossings();
      if (crossings >= fewest) continue;
      fewest = crossings;
      best = layers_;
    }
    layers_ = best;
  }

  void number(const std::vector<int> &layer) {
    for (size_t i = 0; i < layer.size(); i++) item(layer[i]).center = static_cast<double>(i);
  }

  void sort_layer(std::vector<int> &layer, bool by_above) {
    for (const std::vector<int> &other : layers_) number(other);
    std::vector<Key> keys;
    for (const int i : layer) {
      const std::vector<int> &neighbours = by_above ? item(i).above : item(i).below;
      const double place = item(i).center;
      keys.push_back({neighbours.empty() ? place : mean(neighbours), place, i});
    }
    // A tie keeps the order that there is.
    std::sort(keys.begin(), keys.end(), [](const Key &a, const Key &b) {
      return a.wanted != b.wanted ? a.wanted < b.wanted : a.place < b.place;
    });
    for (size_t i = 0; i < keys.size(); i++) layer[i] = keys[i].item;
  }

  double mean(const std::vector<int> &items) const {
    double sum = 0;
    for (const int i : items) sum += items_[static_cast<size_t>(i)].center;
    return sum / static_cast<double>(items.size());
  }

  int64_t count_crossings() {
    int64_t crossings = 0;
    for (const std::vector<int> &layer : layers_) number(layer);
    for (const std::vector<int> &layer : layers_) {
      std::vector<std::pair<double, double>> lines;
      for (const int i : layer) {
        for (const int j : item(i).below) lines.emplace_back(item(i).center, item(j).center);
      }
      for (size_t a = 0; a < lines.size(); a++) {
        for (size_t b = a + 1; b < lines.size(); b++) {
          crossings += (lines[a].first - lines[b].first) * (lines[a].second - lines[b].second) < 0;
        }
      }
    }
    return crossings;
  }

  void place() {
    for (const std::vector<int> &layer : layers_) {
      double left = 0;
      for (const int i : layer) {
        item(i).center = left + item(i).width / 2.0;
        left += item(i).width + input_.gap;
      }
    }
    for (int sweep = 0; sweep < kPlaceSweeps; sweep++) {
      for (size_t i = 0; i < layers_.size(); i++) {
        place_layer(layers_[sweep % 2 == 0 ? i : layers_.size() - 1 - i]);
      }
    }
  }

  double wanted(int i) const {
    const Item &item = items_[static_cast<size_t>(i)];
    double sum = 0;
    double count = 0;
    for (const std::vector<int> *neighbours : {&item.above, &item.below}) {
      if (neighbours->empty()) continue;
      sum += mean(*neighbours);
      count++;
    }
    return count == 0 ? item.center : sum / count;
  }

  // Least squares under the order: what would overlap joins its neighbour's cluster.
  void place_layer(const std::vector<int> &layer) {
    std::vector<Cluster> clusters;
    std::vector<double> offsets;
    double offset = 0;
    for (const int i : layer) {
      offset += item(i).width / 2.0;
      offsets.push_back(offset);
      const double weight = item(i).is_crossing ? kCrossingWeight : 1;
      clusters.push_back({(wanted(i) - offset) * weight, weight, 1});
      offset += item(i).width / 2.0 + input_.gap;
      while (clusters.size() > 1 &&
             clusters[clusters.size() - 2].position() > clusters.back().position()) {
        const Cluster last = clusters.back();
        clusters.pop_back();
        clusters.back().sum += last.sum;
        clusters.back().weight += last.weight;
        clusters.back().items += last.items;
      }
    }
    size_t next = 0;
    for (const Cluster &cluster : clusters) {
      for (size_t i = 0; i < cluster.items; i++, next++) {
        item(layer[next]).center = cluster.position() + offsets[next];
      }
    }
  }

  Layering result() {
    double left = 1e9;
    double right = 0;
    for (const Item &item : items_) {
      left = std::min(left, item.center - item.width / 2.0);
    }
    for (Item &item : items_) {
      item.center = std::floor(item.center - left);
      right = std::max(right, item.center + item.width / 2.0);
    }
    Layering layering;
    layering.layers = static_cast<int>(layers_.size());
    layering.width = static_cast<int>(std::ceil(right));
    for (size_t i = 0; i < input_.widths.size(); i++) {
      layering.layer.push_back(items_[i].layer);
      layering.center.push_back(static_cast<int>(items_[i].center));
    }
    for (const std::vector<int> &path : paths_) {
      layering.crossings.emplace_back();
      for (const int i : path) {
        layering.crossings.back().push_back({item(i).layer, static_cast<int>(item(i).center)});
      }
    }
    return layering;
  }

  Item &item(int i) { return items_[static_cast<size_t>(i)]; }

  const LayeringInput &input_;
  std::vector<Item> items_;
  std::vector<std::vector<int>> layers_;
  std::vector<std::vector<int>> paths_;
};

}  // namespace

Layering arrange(const LayeringInput &input) { return Arranger(input).run(); }

}  // namespace theseus
