#include "cardseg/monitor/drift.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "cardseg/monitor/divergence.hpp"

namespace cardseg::monitor {
namespace {

using profile::BaselineColumn;
using profile::Count;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double far_share = 0.01;  // of the fit's customers
constexpr std::size_t most_named = 5;

double ratio(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : nan;
}

// "12.3 %", also of small shares.
std::string percent(double share) {
  const double points = 100.0 * share;
  return std::abs(points) < 0.1 && points != 0.0 ? fmt::format("{:.2g} %", points) : fmt::format("{:.1f} %", points);
}

// A column's cells in a group, as they can be compared.
struct ComparedCells {
  CellCounts all;                  // cells that are withheld are one, the last
  PlacedCounts ordered;            // of numbers: the cells that hold values, in ascending order
  std::vector<std::size_t> cells;  // of each of `all`, but for the last where it is the rest: the column's cell

  // The most customers that may have been in a cell then: of a withheld one those of the rest.
  std::int64_t most_then(const Count& count) const { return count.is_withheld ? all.then.back() : count.customers; }
};

// By how much a share has changed at least, given the most that it may have been.
double least_change(double now, double most_then, bool is_withheld) {
  return is_withheld ? std::max(0.0, now - most_then) : now - most_then;
}

// Where the customers of a cell of numbers are taken to be.
double place_of(const BaselineColumn& column, std::size_t cell) {
  if (cell == BaselineColumn::zero_cell) return 0.0;
  const std::size_t bin = cell - BaselineColumn::first_cell;
  if (column.edges.empty()) return 0.5 * (column.low + column.high);
  const double from = bin == 0 ? std::min(column.low, column.edges.front()) : column.edges[bin - 1];
  const double to = bin == column.edges.size() ? std::max(column.high, column.edges.back()) : column.edges[bin];
  return 0.5 * (from + to);
}

PlacedCounts placed_cells(const BaselineColumn& column, const std::vector<Count>& then,
                          const std::vector<std::int64_t>& now) {
  std::vector<std::size_t> cells;
  for (std::size_t c = BaselineColumn::zero_cell; c < then.size(); ++c)
    if (!then[c].is_withheld && !std::isnan(place_of(column, c))) cells.push_back(c);
  std::ranges::stable_sort(cells, {}, [&](std::size_t c) { return place_of(column, c); });
  PlacedCounts placed;
  for (const std::size_t c : cells) {
    placed.cells.then.push_back(then[c].customers);
    placed.cells.now.push_back(now[c]);
    placed.places.push_back(place_of(column, c));
  }
  return placed;
}

ComparedCells compared_cells(const BaselineColumn& column, std::size_t group, std::int64_t customers_then,
                             const std::vector<std::int64_t>& now) {
  const std::vector<Count>& then = column.counts[group];
  ComparedCells compared;
  std::int64_t rest_then = customers_then;
  std::int64_t rest_now = 0;
  bool has_rest = false;
  for (std::size_t c = 0; c < then.size(); ++c) {
    if (then[c].is_withheld) {
      has_rest = true;
      rest_now += now[c];
      continue;
    }
    rest_then -= then[c].customers;
    compared.all.then.push_back(then[c].customers);
    compared.all.now.push_back(now[c]);
    compared.cells.push_back(c);
  }
  if (has_rest) {
    compared.all.then.push_back(rest_then);
    compared.all.now.push_back(rest_now);
  }
  if (!column.is_category()) compared.ordered = placed_cells(column, then, now);
  return compared;
}

// Customers with and without something at two times, and the probability of such a difference by chance.
double chance_of_shares(std::int64_t then, std::int64_t all_then, std::int64_t now, std::int64_t all_now) {
  return chance_of({{then, all_then - then}, {now, all_now - now}});
}

class Judge {
 public:
  Judge(const segments::Model& model, const Month& month, const WatchOptions& options)
      : baseline_(*model.baseline), model_(model), month_(month), options_(options) {
    const auto tests = static_cast<double>((baseline_.columns.size() * 3 + 3) * baseline_.customers.size());
    chance_ = options.chance / tests;
  }

  Drift run(std::span<const Refusal> refusals) {
    drift_.customers_then = customers_then(0);
    drift_.customers_now = month_.customers[0];
    drift_.min_cell = baseline_.min_cell;
    if (drift_.customers_now < baseline_.min_cell)
      drift_.reasons.push_back(
          {Light::amber, 0, fmt::format("fewer than {} customers: nothing is compared", baseline_.min_cell)});
    judge_segments();
    for (std::size_t c = 0; c < baseline_.columns.size(); ++c) judge_column(c);
    for (const Refusal& refusal : refusals) refuse(refusal);
    judge_distances();
    judge_reconstruction();
    for (ColumnDrift& column : drift_.columns) {
      column.light = worst(column.reasons);
      drift_.light = std::max(drift_.light, column.light);
    }
    for (SegmentDrift& segment : drift_.segments) {
      segment.light = worst(segment.reasons);
      drift_.light = std::max(drift_.light, segment.light);
    }
    drift_.light = std::max(drift_.light, worst(drift_.reasons));
    return std::move(drift_);
  }

 private:
  static Light worst(const std::vector<Reason>& reasons) {
    Light light = Light::green;
    for (const Reason& reason : reasons) light = std::max(light, reason.light);
    return light;
  }

  // -1 where it is withheld.
  std::int64_t customers_then(std::size_t group) const {
    if (group > 0) return baseline_.customers[group].is_withheld ? -1 : model_.totals.customers[group - 1];
    return std::accumulate(model_.totals.customers.begin(), model_.totals.customers.end(), std::int64_t{0});
  }

  // A share of the month's customers; NaN where it would tell of few.
  double told_share(std::int64_t part, std::int64_t whole) const {
    return part > 0 && part < baseline_.min_cell ? nan : ratio(part, whole);
  }

  Light light_of(double effect, const Thresholds& thresholds, double chance) const {
    if (!is_judged_ || !(chance < chance_) || !(effect >= thresholds.amber)) return Light::green;
    return effect >= thresholds.red ? Light::red : Light::amber;
  }

  void tell(const std::string& column, std::size_t group, const char* statistic, double value) {
    drift_.figures.push_back({column, static_cast<int>(group), statistic, value, nan, Light::green});
  }

  // Adds the figure, and says so where its light is not green.
  Light measure(const std::string& column, std::size_t group, const char* statistic, double value,
                const Thresholds& thresholds, Light light) {
    const double threshold = light == Light::red ? thresholds.red : thresholds.amber;
    drift_.figures.push_back({column, static_cast<int>(group), statistic, value, threshold, light});
    return light;
  }

  void judge_column(std::size_t place) {
    const BaselineColumn& column = baseline_.columns[place];
    ColumnDrift& drift = drift_.columns.emplace_back();
    drift.column = column.column;
    drift.is_feature = column.column.role == portfolio::Role::feature;
    drift.psi = drift.noise = drift.ks = drift.wasserstein = drift.shift = drift.overlap = nan;
    drift.missing_then = drift.missing_now = nan;
    const MonthColumn& now = month_.columns[place];
    if (!now.absent.empty()) {
      drift.reasons.push_back({Light::amber, 0, now.absent});
      return;
    }
    for (std::size_t g = 0; g < baseline_.customers.size(); ++g) {
      const std::int64_t then = customers_then(g);
      if (then <= 0 || month_.customers[g] < std::max<std::int64_t>(1, baseline_.min_cell)) continue;
      is_judged_ = g == 0 || drift_.segments[g - 1].reasons.empty();  // else it is of other customers
      const ComparedCells compared = compared_cells(column, g, then, now.counts[g]);
      if (g == 0) set_whole(column, compared, drift);
      judge_distribution(column, compared, g, drift);
      judge_missing(column, compared, g, then, now.counts[g], drift);
      if (column.is_category()) judge_levels(column, compared, now, g, then, drift);
    }
    is_judged_ = true;
  }

  // Within a segment nothing is worse than amber: who is in it depends on all columns.
  static void add_reason(ColumnDrift& drift, Light light, std::size_t g, std::string text) {
    drift.reasons.push_back({g == 0 ? light : std::min(light, Light::amber), static_cast<int>(g), std::move(text)});
  }

  void judge_distribution(const BaselineColumn& column, const ComparedCells& compared, std::size_t g,
                          ColumnDrift& drift) {
    const std::string& name = column.column.name;
    const double psi = population_stability(compared.all);
    const double noise = stability_noise(compared.all);
    const double chance = chance_of(compared.all);
    std::string text;
    Light light = measure(name, g, "psi", psi, options_.psi, light_of(psi, options_.psi, chance));
    if (light > Light::green) text = fmt::format("PSI {:.2f}, by chance up to {:.2g}", psi, noise);
    tell(name, g, "psi_noise", noise);
    tell(name, g, "resemblance", resemblance(compared.all, options_.tolerance));
    tell(name, g, "overlap", overlap(compared.all));
    tell(name, g, "cramers_v", cramers_v(compared.all));
    if (!column.is_category()) {
      const double ordered_chance = chance_of(compared.ordered.cells);
      const double ks = ks_distance(compared.ordered.cells);
      const double way = wasserstein(compared.ordered);
      const double shift = mean_shift(compared.ordered);
      const Light of_ks = measure(name, g, "ks", ks, options_.ks, light_of(ks, options_.ks, ordered_chance));
      const Light of_way = measure(name, g, "wasserstein", way, options_.wasserstein,
                                   light_of(way, options_.wasserstein, ordered_chance));
      tell(name, g, "mean_shift", shift);
      if (of_ks > Light::green) text += fmt::format("{}KS distance {:.2f}", text.empty() ? "" : "; ", ks);
      if (of_way > Light::green)
        text +=
            fmt::format("{}values lie {:.2g} standard deviations from where they were", text.empty() ? "" : "; ", way);
      light = std::max({light, of_ks, of_way});
      if (light > Light::green && std::isfinite(shift))
        text += shift > 0 ? "; values are higher" : shift < 0 ? "; values are lower" : "";
    }
    if (light > Light::green) add_reason(drift, light, g, text);
  }

  void judge_missing(const BaselineColumn& column, const ComparedCells& compared, std::size_t g, std::int64_t all_then,
                     const std::vector<std::int64_t>& now, ColumnDrift& drift) {
    const Count& then = column.counts[g][BaselineColumn::missing_cell];
    const std::int64_t missing = now[BaselineColumn::missing_cell];
    const double share_then = then.is_withheld ? nan : ratio(then.customers, all_then);
    const double share_now = told_share(missing, month_.customers[g]);
    if (g == 0) {
      drift.missing_then = share_then;
      drift.missing_now = share_now;
    }
    const std::int64_t assumed = compared.most_then(then);
    const double change =
        std::abs(least_change(ratio(missing, month_.customers[g]), ratio(assumed, all_then), then.is_withheld));
    const double chance = chance_of_shares(assumed, all_then, missing, month_.customers[g]);
    const std::string& name = column.column.name;
    tell(name, g, "missing_then", share_then);
    tell(name, g, "missing", share_now);
    if (column.column.role == portfolio::Role::feature && fills_gaps(column.column))
      tell(name, g, "imputed", share_now);
    const Light light = measure(name, g, "missing_change", std::isnan(share_now) ? nan : change, options_.missing,
                                std::isnan(share_now) ? Light::green : light_of(change, options_.missing, chance));
    if (light == Light::green) return;
    add_reason(drift, light, g,
               fmt::format("{} lack a value; {} did at the fit", percent(share_now),
                           std::isnan(share_then) ? "few" : percent(share_then)));
  }

  static bool fills_gaps(const portfolio::Column& column) {
    switch (column.settings.missing) {
      case portfolio::Missing::error: return false;
      case portfolio::Missing::indicator: return !column.has_levels();
      default: return true;
    }
  }

  void judge_levels(const BaselineColumn& column, const ComparedCells& compared, const MonthColumn& counted,
                    std::size_t g, std::int64_t all_then, ColumnDrift& drift) {
    const std::vector<Count>& then = column.counts[g];
    const std::vector<std::int64_t>& now = counted.counts[g];
    const std::string& name = column.column.name;
    const std::int64_t unknown_then = compared.most_then(then.back());
    const double more =
        least_change(ratio(now.back(), month_.customers[g]), ratio(unknown_then, all_then), then.back().is_withheld);
    const double chance = chance_of_shares(unknown_then, all_then, now.back(), month_.customers[g]);
    const double unknown = told_share(now.back(), month_.customers[g]);
    tell(name, g, "unknown", unknown);
    Light light = measure(name, g, "unknown_change", std::isnan(unknown) ? nan : more, options_.unknown,
                          std::isnan(unknown) ? Light::green : light_of(more, options_.unknown, chance));
    if (light > Light::green) {
      std::string text = fmt::format("{} have a level that the fit did not know", percent(unknown));
      for (std::size_t l = 0; g == 0 && l < std::min(most_named, counted.new_levels.size()); ++l)
        text += (l == 0 ? ": " : ", ") + counted.new_levels[l].name;
      add_reason(drift, light, g, text);
    }
    if (g > 0) return;
    std::string lost;
    light = Light::green;
    double largest = 0.0;
    for (std::size_t l = 0; l < column.column.levels.known.size(); ++l) {
      if (then[1 + l].is_withheld || now[1 + l] > 0) continue;
      const double share = ratio(then[1 + l].customers, all_then);
      const double gone = chance_of_shares(then[1 + l].customers, all_then, 0, month_.customers[g]);
      const Light of_level = light_of(share, options_.unknown, gone);
      largest = std::max(largest, share);
      if (of_level > Light::green) lost += (lost.empty() ? "" : ", ") + column.column.levels.known[l].name;
      light = std::max(light, of_level);
    }
    measure(name, g, "lost", largest, options_.unknown, light);
    if (light > Light::green) drift.reasons.push_back({light, 0, "nobody has a level that the fit had: " + lost});
  }

  void set_whole(const BaselineColumn& column, const ComparedCells& compared, ColumnDrift& drift) const {
    drift.psi = population_stability(compared.all);
    drift.noise = stability_noise(compared.all);
    drift.overlap = overlap(compared.all);
    if (!column.is_category()) {
      drift.ks = ks_distance(compared.ordered.cells);
      drift.wasserstein = wasserstein(compared.ordered);
      drift.shift = mean_shift(compared.ordered);
    }
    for (std::size_t i = 0; i < compared.all.then.size(); ++i)
      drift.bins.push_back({i < compared.cells.size() ? label_of(column, compared.cells[i]) : "(others)",
                            ratio(compared.all.then[i], compared.all.all_then()),
                            told_share(compared.all.now[i], compared.all.all_now())});
  }

  static std::string label_of(const BaselineColumn& column, std::size_t cell) {
    if (cell == BaselineColumn::missing_cell) return portfolio::missing_level;
    if (column.is_category())
      return cell <= column.column.levels.known.size() ? column.column.levels.known[cell - 1].name
                                                       : portfolio::other_level;
    if (cell == BaselineColumn::zero_cell) return "0";
    const std::size_t bin = cell - BaselineColumn::first_cell;
    if (column.edges.empty()) return "other values";
    if (bin == 0) return fmt::format("up to {:.4g}", column.edges.front());
    if (bin == column.edges.size()) return fmt::format("above {:.4g}", column.edges.back());
    return fmt::format("{:.4g} to {:.4g}", column.edges[bin - 1], column.edges[bin]);
  }

  void refuse(const Refusal& refusal) {
    for (ColumnDrift& column : drift_.columns)
      if (column.column.name == refusal.column) {
        column.reasons.push_back({Light::red, 0, "assign would refuse it: " + refusal.text});
        drift_.figures.push_back({refusal.column, 0, "refused", 1.0, 1.0, Light::red});
        return;
      }
    drift_.reasons.push_back(
        {Light::red, 0, fmt::format("assign would refuse column {}: {}", refusal.column, refusal.text)});
    drift_.figures.push_back({refusal.column, 0, "refused", 1.0, 1.0, Light::red});
  }

  void judge_segments() {
    CellCounts mix;
    std::int64_t hidden_then = customers_then(0);
    std::int64_t hidden_now = month_.customers[0];
    for (std::size_t g = 1; g < baseline_.customers.size(); ++g) {
      SegmentDrift& segment = drift_.segments.emplace_back();
      const std::int64_t then = customers_then(g);
      const std::int64_t now = month_.customers[g];
      segment.share_then = then < 0 ? nan : ratio(then, customers_then(0));
      segment.share_now = then < 0 ? nan : told_share(now, month_.customers[0]);
      segment.customers_now = std::isnan(segment.share_now) ? 0 : now;
      if (then < 0) continue;
      mix.then.push_back(then);
      mix.now.push_back(now);
      hidden_then -= then;
      hidden_now -= now;
      const double change = ratio(now, month_.customers[0]) - segment.share_then;
      const double chance = chance_of_shares(then, customers_then(0), now, month_.customers[0]);
      tell("", g, "share_then", segment.share_then);
      tell("", g, "share", segment.share_now);
      const Light light = measure("", g, "share_change", std::isnan(segment.share_now) ? nan : change, options_.mix,
                                  light_of(std::abs(change), options_.mix, chance));
      if (light > Light::green)
        segment.reasons.push_back({light, static_cast<int>(g),
                                   fmt::format("it has {} of the customers, {} at the fit",
                                               std::isnan(segment.share_now) ? "few" : percent(segment.share_now),
                                               percent(segment.share_then))});
    }
    if (hidden_then > 0) {
      mix.then.push_back(hidden_then);
      mix.now.push_back(hidden_now);
    }
    drift_.mix_psi = population_stability(mix);
    const Light light =
        measure("", 0, "mix_psi", drift_.mix_psi, options_.psi, light_of(drift_.mix_psi, options_.psi, chance_of(mix)));
    tell("", 0, "mix_noise", stability_noise(mix));
    if (light > Light::green)
      drift_.reasons.push_back(
          {light, 0, fmt::format("customers are divided among segments in another way: PSI {:.2f}", drift_.mix_psi)});
  }

  void judge_distances() {
    for (std::size_t g = 0; g < baseline_.customers.size(); ++g) {
      const std::int64_t then = customers_then(g);
      const std::int64_t now = month_.customers[g];
      const bool is_known = then > 0 && !baseline_.scores[g].distance.back().is_withheld &&
                            now >= std::max<std::int64_t>(1, baseline_.min_cell);
      const double share = is_known ? told_share(month_.far[g], now) : nan;
      (g == 0 ? drift_.far : drift_.segments[g - 1].far) = share;
      if (!is_known) continue;
      const auto far_then = static_cast<std::int64_t>(std::llround(far_share * static_cast<double>(then)));
      const double chance = chance_of_shares(far_then, then, month_.far[g], now);
      const Light light = measure("", g, "far", share, options_.far, light_of(share, options_.far, chance));
      if (light == Light::green) continue;
      const std::string text = fmt::format("{} lie further from their centre than 99 % did at the fit", percent(share));
      (g == 0 ? drift_.reasons : drift_.segments[g - 1].reasons).push_back({light, static_cast<int>(g), text});
    }
  }

  void judge_reconstruction() {
    drift_.reconstruction = nan;
    if (!month_.reconstruction || month_.reconstruction->customers == 0) return;
    const Reconstruction& now = *month_.reconstruction;
    const double fit = baseline_.space->error;
    drift_.reconstruction = now.mean / fit;
    const double noise =
        now.sd * std::sqrt(1.0 / static_cast<double>(now.customers) + 1.0 / static_cast<double>(customers_then(0)));
    const double chance = noise > 0.0 ? chance_of_deviation((now.mean - fit) / noise) : 0.0;
    const Light light = measure("", 0, "reconstruction", drift_.reconstruction, options_.reconstruction,
                                light_of(drift_.reconstruction, options_.reconstruction, chance));
    if (light > Light::green)
      drift_.reasons.push_back(
          {light, 0,
           fmt::format(
               "columns no longer go together as at the fit: its main directions leave out {:.2f} times as much",
               drift_.reconstruction)});
  }

  const profile::Baseline& baseline_;
  const segments::Model& model_;
  const Month& month_;
  const WatchOptions& options_;
  double chance_ = 0.0;
  bool is_judged_ = true;
  Drift drift_;
};

}  // namespace

Drift judge(const segments::Model& model, const Month& month, std::span<const Refusal> refusals,
            const WatchOptions& options) {
  return Judge(model, month, options).run(refusals);
}

}  // namespace cardseg::monitor
