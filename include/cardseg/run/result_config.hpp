// The options that shape a result, as the manifest of a run records them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cardseg/core/option.hpp"

namespace cardseg::run {

using ResultConfig = core::NamedValues;

/// Local. What shapes a result, sorted by name: the options of the tables that do, and NAME_sha256 for those that name
/// files. Throws core::Error where a file cannot be read.
ResultConfig result_config(const std::vector<core::OptionTable>& tables);

}  // namespace cardseg::run
