// Gives a segment of a finished run another name: in model.json, segments.csv, report.html and the manifest.
#pragma once

#include <string>

#include "cardseg/core/option.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::run {

struct NameOptions {
  std::string run;   ///< its directory
  int segment = 0;   ///< from 1; 0: none is renamed
  std::string name;  ///< what it is called from now on; empty: none is renamed
};

core::OptionTable describe(NameOptions& options);
/// Throws core::Error(usage): no run; a segment without a name, or a name without a segment; a name that
/// check_segment_name refuses.
void validate(const NameOptions& options);

/// Characters of a name that a person gives.
inline constexpr std::size_t most_name_characters = 60;

/// Pure. Throws core::Error(usage) where a name has blanks around it, is too long, holds control characters or line
/// ends, or begins like a formula of a spreadsheet.
void check_segment_name(const std::string& name);

/// Local. The model of a run of `fit`, whose segments have names. Throws core::Error: input_missing, bad_data.
segments::Model named_model(const std::string& run);

/// Local. Renames a segment, or does nothing where the options name none. The files are replaced one by one, each at
/// once, the model last: where a kill comes in between, `verify` says what is wrong, and the same name given again
/// makes it right. The model's id stays. Throws core::Error: usage for a segment that is not there or a name that
/// another one has; bad_data where the run is unfinished or changed, or of an earlier version; cannot_create where a
/// job works in it.
void rename_segment(const NameOptions& options);

}  // namespace cardseg::run
