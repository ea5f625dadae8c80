// Customers that are scored may differ from those of the fit: by how much is said, and too much is refused.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cardseg/cli/job.hpp"
#include "cardseg/core/option.hpp"
#include "cardseg/portfolio/column_tally.hpp"
#include "cardseg/run/result_config.hpp"
#include "cardseg/segments/model.hpp"
#include "cardseg/segments/pseudonyms.hpp"
#include "cardseg/segments/reasons.hpp"

namespace cardseg::run {

struct GuardOptions {
  /// The largest share of customers, 0.01 to 1, that may lie outside a column's range at the fit, or lack a value
  /// beyond the share that lacked one then.
  double guard = 0.2;
  /// Score whatever the columns hold; what would have been refused is a warning.
  bool no_guard = false;
};

core::OptionTable describe(GuardOptions& options);
/// Throws core::Error(usage).
void validate(const GuardOptions& options);
/// Collective. What shapes the result of scoring, for the manifest.
ResultConfig scoring_config(const comm::Communicator& comm, const GuardOptions& guard, const segments::Model& model,
                            const segments::PseudonymOptions& pseudonyms, const segments::ReasonOptions& reasons);
/// The guard in words, for the record of a run: "0.2" or "off".
std::string guard_text(const GuardOptions& options);

/// A column whose values are not what they were at the fit.
struct ShiftFinding {
  std::string column;
  std::string text;         ///< how they differ, in figures
  bool is_refused = false;  ///< by more than the guard lets pass
};

/// Pure. `shifts`: one for each block of the model's features (segments::ScoredShards). Of fewer than 5 customers
/// nothing is refused. Customers of the fit give no finding.
std::vector<ShiftFinding> find_shifts(const segments::Model& model, std::span<const portfolio::ColumnShift> shifts,
                                      const GuardOptions& options);

/// Collective. Says the findings as warnings and returns them. Throws comm::AgreedError(bad_data) for the first that is
/// refused, after the others were said.
std::vector<std::string> check_shifts(cli::Context& context, const segments::Model& model,
                                      std::span<const portfolio::ColumnShift> shifts, const GuardOptions& options);

}  // namespace cardseg::run
