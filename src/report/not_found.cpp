#include "report/not_found.hpp"

#include <fmt/format.h>

#include <cmath>

#include "cardseg/core/name_list.hpp"
#include "cardseg/portfolio/column_label.hpp"
#include "cardseg/report/numbers.hpp"
#include "report/figures.hpp"
#include "report/verdicts.hpp"

namespace cardseg::report {
namespace {

using profile::ColumnProfile;

constexpr double least_separation = 0.05;  // of a column that is said to tell segments apart
constexpr double least_effect = 0.5;       // that is to be seen (Cohen 1988: "medium")
constexpr std::size_t most_named = 12;

std::string of_segments(const std::vector<std::string>& numbers) {
  return (numbers.size() == 1 ? "Segment " : "Segments ") + core::all_of(numbers);
}

std::string weak_segments(const FitContent& content) {
  std::vector<std::string> weak;
  const std::vector<SegmentVerdict> all = verdicts(content);
  for (int j = 1; j <= content.shown_segments(); ++j)
    if (all[static_cast<std::size_t>(j - 1)].separation.light == Light::poor) weak.push_back(std::to_string(j));
  if (weak.empty() || content.profile.segments < 2) return "";
  return fmt::format("{} {} not set apart from the others: the border could as well run elsewhere.", of_segments(weak),
                     weak.size() == 1 ? "is" : "are");
}

std::string unstable_segments(const FitContent& content) {
  const std::optional<Verdict> of_all = stability_of_all(content);
  if (!of_all || of_all->light == Light::good) return "";
  if (of_all->light == Light::poor)
    return fmt::format(
        "{} are not stable beyond chance: other customers would give other segments, much as they would "
        "where there are none.",
        counted(content.profile.segments, "segment"));
  std::vector<std::string> unstable;
  const std::vector<SegmentVerdict> all = verdicts(content);
  for (int j = 1; j <= content.shown_segments(); ++j) {
    const std::optional<Verdict>& stability = all[static_cast<std::size_t>(j - 1)].stability;
    if (stability && stability->light == Light::poor) unstable.push_back(std::to_string(j));
  }
  if (unstable.empty()) return "";
  return fmt::format("{} {} not found again beyond chance: other customers would give {} other borders.",
                     of_segments(unstable), unstable.size() == 1 ? "is" : "are", unstable.size() == 1 ? "it" : "them");
}

// What this run leaves open.
std::string not_tested(const FitContent& content) {
  const bool is_tested = content.evidence.stability.is_tested();
  return fmt::format(
      "Not tested here: whether the same segments come out of another month{} and whether another number "
      "of segments fits better. Segments say what customers did, not why, and not what they will do.",
      is_tested ? "," : " or of other customers, whether they are more than chance would give,");
}

std::string silent_columns(const FitContent& content) {
  std::vector<std::string> silent;
  for (const ColumnProfile& column : content.profile.columns)
    if (column.is_in_distance && number_of(column.separation) < least_separation)
      silent.push_back(portfolio::label_of(column.column));
  if (silent.empty()) return "";
  const std::int64_t count = std::ssize(silent);
  if (silent.size() > most_named)
    return fmt::format("{} shaped the segments and hardly differ between them.", counted(count, "column"));
  return fmt::format("{} shaped the segments and hardly {} between them: less than {} of {} variance.",
                     core::all_of(silent), count == 1 ? "differs" : "differ", shown_share(least_separation),
                     count == 1 ? "its" : "their");
}

std::string plain_segments(const FitContent& content) {
  std::vector<std::string> plain;
  for (int j = 1; j <= content.shown_segments(); ++j) {
    const std::vector<profile::Driver> drivers = ranked_drivers(content.profile, j);
    if (!drivers.empty() && std::abs(drivers.front().effect) < least_effect) plain.push_back(std::to_string(j));
  }
  if (plain.empty()) return "";
  return fmt::format("{} {} in no column far from the portfolio.", of_segments(plain),
                     plain.size() == 1 ? "is" : "are");
}

std::string same_worth(const FitContent& content) {
  const ColumnProfile* value = value_column(content.profile);
  if (value == nullptr) return "No column says what customers are worth.";
  const double same_value = content.evidence.thresholds.distinct_value;
  std::vector<std::string> same;
  for (int j = 1; j <= content.shown_segments(); ++j)
    if (std::abs(number_of(value->numbers[static_cast<std::size_t>(j)].index) / 100 - 1) < same_value)
      same.push_back(std::to_string(j));
  if (same.empty()) return "";
  return fmt::format("{} {} worth what the average customer is, within {} of {}.", of_segments(same),
                     same.size() == 1 ? "is" : "are", shown_share(same_value), portfolio::label_of(value->column));
}

}  // namespace

Document not_found_chapter(const FitContent& content) {
  Document chapter;
  chapter.add(Heading{2, "What was not found"});
  for (const std::string& text : {weak_segments(content), unstable_segments(content), silent_columns(content),
                                  plain_segments(content), same_worth(content), not_tested(content)})
    if (!text.empty()) chapter.add(Paragraph{text});
  return chapter;
}

}  // namespace cardseg::report
