#include "cardseg/report/data_warnings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cardseg/core/name_list.hpp"
#include "cardseg/portfolio/variance_shares.hpp"
#include "cardseg/report/numbers.hpp"

namespace cardseg::report {
namespace {

constexpr double mostly_missing = 0.5;
constexpr double dominant_share = 0.5;
constexpr std::size_t least_columns = 3;  // of two or one, one has the larger share anyway
constexpr double nearly_same = 0.98;
constexpr std::size_t most_pairs = 5;
constexpr std::size_t most_shown = 12;
constexpr std::size_t most_named = 5;
constexpr double long_tail = 8.0;

std::vector<const portfolio::FittedColumn*> features_by_share(const segments::Model& model) {
  std::vector<const portfolio::FittedColumn*> features;
  for (const portfolio::FittedColumn& column : model.columns)
    if (column.is_feature() && column.variance_share) features.push_back(&column);
  std::ranges::stable_sort(
      features, [](const auto* a, const auto* b) { return a->variance_share->weighted > b->variance_share->weighted; });
  return features;
}

void add_missing(const segments::Model& model, std::vector<std::string>& warnings) {
  for (const portfolio::FittedColumn& column : model.columns)
    if (column.is_feature() && column.facts.missing_share() > mostly_missing &&
        column.column.settings.missing != portfolio::Missing::indicator)
      warnings.push_back(
          fmt::format("column {} lacks a value for {} of the customers, who all get the same one: exclude it, or keep "
                      "the gap as a feature with missing = indicator",
                      column.column.name, shown_share(column.facts.missing_share())));
}

void add_dominant(const segments::Model& model, std::vector<std::string>& warnings) {
  const auto features = features_by_share(model);
  if (features.size() < least_columns || features.front()->variance_share->weighted <= dominant_share) return;
  warnings.push_back(fmt::format(
      "column {} brings {} of the total variance: segments follow it nearly alone; scale it like the others, "
      "or lower its weight",
      features.front()->column.name, shown_share(features.front()->variance_share->weighted)));
}

void add_pairs(const portfolio::Covariance& covariance, const segments::Model& model,
               std::vector<std::string>& warnings) {
  const auto pairs = portfolio::correlated_columns(covariance, model.columns, nearly_same);
  for (std::size_t i = 0; i < std::min(pairs.size(), most_pairs); ++i)
    warnings.push_back(
        fmt::format("columns {} and {} say nearly the same (correlation {:.3f}), so that it counts twice: "
                    "exclude one, or halve their weights",
                    pairs[i].first, pairs[i].second, pairs[i].correlation));
  if (pairs.size() > most_pairs)
    warnings.push_back(fmt::format("{} more pairs of columns say nearly the same",
                                   shown_count(std::ssize(pairs) - std::int64_t{most_pairs})));
}

void add_worth(const segments::Model& model, std::vector<std::string>& warnings) {
  for (const portfolio::FittedColumn& column : model.columns)
    if (column.is_feature() && column.column.is_value())
      warnings.push_back(
          fmt::format("column {} says what segments are worth and shapes them, too: that they differ in it is then no "
                      "finding; remove its section from the description",
                      column.column.name));
}

// One customer in a thousand lies further out than so many standard deviations, where nothing tames it.
bool has_long_tail(const portfolio::FittedColumn& column) {
  const portfolio::ColumnSettings& settings = column.column.settings;
  if (!column.is_feature() || column.column.kind != portfolio::Kind::number || settings.clip ||
      settings.transform != portfolio::Transform::none || settings.scale != portfolio::Scale::zscore)
    return false;
  const portfolio::ColumnFacts& facts = column.facts;
  return std::max(facts.range.high - facts.mean, facts.mean - facts.range.low) > long_tail * facts.sd;
}

void add_long_tails(const segments::Model& model, std::vector<std::string>& warnings) {
  std::vector<std::string> names;
  for (const portfolio::FittedColumn& column : model.columns)
    if (has_long_tail(column)) names.push_back(column.column.name);
  if (names.empty()) return;
  const bool is_one = names.size() == 1;
  if (names.size() > most_named) {
    const std::string rest = shown_count(std::ssize(names) - static_cast<std::int64_t>(most_named)) + " more";
    names.resize(most_named);
    names.push_back(rest);
  }
  warnings.push_back(
      fmt::format("column{} {} {} a long tail: one customer in 1,000 lies more than {:.0f} standard deviations from "
                  "the mean, so that "
                  "few customers decide; tame it with transform = log1p, or with clip = 0.001, 0.999",
                  is_one ? "" : "s", core::all_of(names), is_one ? "has" : "have", long_tail));
}

}  // namespace

std::vector<std::string> data_warnings(const segments::Model& model,
                                       const std::optional<portfolio::Covariance>& covariance) {
  std::vector<std::string> warnings;
  add_worth(model, warnings);
  add_missing(model, warnings);
  add_long_tails(model, warnings);
  add_dominant(model, warnings);
  if (covariance) add_pairs(*covariance, model, warnings);
  return warnings;
}

std::string variance_text(const segments::Model& model) {
  const auto features = features_by_share(model);
  std::string text;
  for (std::size_t i = 0; i < std::min(features.size(), most_shown); ++i)
    text += fmt::format("{}{} {}", text.empty() ? "share of the variance: " : ", ", features[i]->column.name,
                        shown_share(features[i]->variance_share->weighted));
  return text + (features.size() > most_shown ? ", ..." : "");
}

}  // namespace cardseg::report
