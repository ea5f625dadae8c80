#include "cardseg/run/guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/report/numbers.hpp"
#include "cardseg/segments/model_json.hpp"

namespace cardseg::run {
namespace {

using core::Error;
using core::ExitCode;
using portfolio::ColumnFacts;
using portfolio::ColumnShift;
using report::shown_number;
using report::shown_share;

// What is said.
constexpr double missing_change = 0.05;  // of the share of customers without a value
constexpr double outside_share = 0.01;   // of customers; 0.002 at the fit
constexpr double mean_change = 0.25;     // in standard deviations
constexpr double chance = 3.0;           // standard errors that are nothing to speak of
// What is refused, beside the guard.
constexpr double far_mean = 10.0;          // standard deviations
constexpr std::int64_t few_customers = 5;  // of fewer nothing can be told
constexpr int digits_of_range = 6;

double share_of(std::int64_t part, std::int64_t all) {
  return all > 0 ? static_cast<double>(part) / static_cast<double>(all) : 0.0;
}

// "12 of 40 customers (30 %)"
std::string part_text(std::int64_t part, std::int64_t all) {
  return fmt::format("{} of {} ({})", report::shown_count(part), report::counted(all, "customer"),
                     shown_share(share_of(part, all)));
}

// Standard error of the difference between the shares that lack a value.
double missing_error(const ColumnFacts& facts, std::int64_t customers) {
  const double share = facts.missing_share();
  const double per_customer =
      1.0 / static_cast<double>(facts.present + facts.missing) + 1.0 / static_cast<double>(customers);
  return std::sqrt(share * (1.0 - share) * per_customer);
}

// A column's shift beside its facts, and what is to be said of it.
class Comparison {
 public:
  Comparison(const portfolio::FittedColumn& column, const ColumnShift& shift, double guard) {
    const ColumnFacts& facts = column.facts;
    const std::int64_t all = shift.customers();
    const double more_missing = share_of(shift.missing, all) - facts.missing_share();
    if (std::abs(more_missing) > std::max(missing_change, chance * missing_error(facts, all)))
      say(fmt::format("{} lack a value; {} did at the fit", part_text(shift.missing, all),
                      shown_share(facts.missing_share())),
          shift.present == 0 || more_missing > guard);
    const std::int64_t outside = shift.below + shift.above;
    if (column.column.kind == portfolio::Kind::category)
      compare_levels(share_of(column.column.levels.other, facts.present + facts.missing), outside, all, guard);
    else if (share_of(outside, all) > outside_share)
      say(fmt::format("{} lie outside its range at the fit, {} to {}", part_text(outside, all),
                      shown_number(facts.range.low, digits_of_range), shown_number(facts.range.high, digits_of_range)),
          share_of(outside, all) > guard);
    const double distance = std::abs(shift.mean_shift);
    if (distance > mean_change && distance > chance / std::sqrt(static_cast<double>(shift.present)))
      say(fmt::format("its mean is {} standard deviations {} that of the fit", shown_number(distance),
                      shift.mean_shift > 0 ? "above" : "below"),
          distance > far_mean && outside >= few_customers);
    is_refused_ = is_refused_ && all >= few_customers;
  }

  const std::string& text() const { return text_; }
  bool is_refused() const { return is_refused_; }

 private:
  // `rare`: the share of customers at the fit whose levels were too rare to be known.
  void compare_levels(double rare, std::int64_t unknown, std::int64_t all, double guard) {
    const double more = share_of(unknown, all) - rare;
    if (more > outside_share)
      say(fmt::format("{} have a level that the fit did not know; {} had one too rare to be known then",
                      part_text(unknown, all), shown_share(rare)),
          more > guard);
  }

  void say(const std::string& text, bool is_refused) {
    text_ += (text_.empty() ? "" : "; ") + text;
    is_refused_ = is_refused_ || is_refused;
  }

  std::string text_;
  bool is_refused_ = false;
};

}  // namespace

core::OptionTable describe(GuardOptions& o) {
  using core::field;
  using core::Shapes;
  return {"Guard",
          {core::number(o.guard, {0.01, 1},
                        {"guard", "SHARE", Shapes::result,
                         "share of customers that may lie outside a column's range at the fit, or lack a value more "
                         "often than then; beyond it nothing is written"}),
           core::toggle(o.no_guard,
                        {"no-guard", "", Shapes::result,
                         "score whatever the columns hold; what " + field("guard") + " would refuse is a warning"})}};
}

void validate(const GuardOptions& options) {
  GuardOptions checked = options;
  core::validate(describe(checked));
}

ResultConfig scoring_config(const comm::Communicator& comm, const GuardOptions& guard, const segments::Model& model,
                            const segments::PseudonymOptions& pseudonyms, const segments::ReasonOptions& reasons) {
  return comm::agree(comm, [&] {
    segments::PseudonymOptions described = pseudonyms;
    ResultConfig config = {{"guard", guard_text(guard)}, {"model_id", segments::model_id(model)}};
    config.push_back(result_config({describe(described)}).front());
    segments::ReasonOptions asked = reasons;
    if (asked.are_any())
      for (auto& each : result_config({describe(asked)})) config.push_back(std::move(each));
    return config;
  });
}

std::string guard_text(const GuardOptions& options) {
  return options.no_guard ? "off" : fmt::format("{}", options.guard);
}

std::vector<ShiftFinding> find_shifts(const segments::Model& model, std::span<const ColumnShift> shifts,
                                      const GuardOptions& options) {
  std::vector<ShiftFinding> findings;
  for (std::size_t b = 0; b < shifts.size(); ++b) {
    const auto column = static_cast<std::size_t>(model.layout.blocks()[b].column);
    const Comparison compared(model.columns[column], shifts[b], options.guard);
    if (!compared.text().empty())
      findings.push_back(
          {model.columns[column].column.name, compared.text(), compared.is_refused() && !options.no_guard});
  }
  return findings;
}

std::vector<std::string> check_shifts(cli::Context& context, const segments::Model& model,
                                      std::span<const ColumnShift> shifts, const GuardOptions& options) {
  const std::vector<ShiftFinding> findings = find_shifts(model, shifts, options);
  const auto refused = std::ranges::find(findings, true, &ShiftFinding::is_refused);
  std::vector<std::string> warnings;
  for (auto each = findings.begin(); each != findings.end(); ++each)
    if (each != refused) warnings.push_back(fmt::format("column {}: {}", each->column, each->text));
  for (const std::string& warning : warnings) context.console.warning(warning);
  if (refused == findings.end()) return warnings;
  Error error(ExitCode::bad_data, fmt::format("{}: the model was fitted on other values ({} {})", refused->text,
                                              core::field("guard"), guard_text(options)));
  throw comm::AgreedError(
      error.in_column(refused->column)
          .remedy("Look for another unit, an empty column or a wrong file; if the values are right, go on with " +
                  core::field("no-guard")));
}

}  // namespace cardseg::run
