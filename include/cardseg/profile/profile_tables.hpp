// A profile as files that other programs read.
#pragma once

#include <string>

#include "cardseg/profile/profile.hpp"

namespace cardseg::profile {

/// CSV with a header, one line a figure: segment (0 the whole), column, level, statistic, value. Withheld figures, and
/// those that are not there (the mean of no value), have an empty value.
std::string profile_csv(const Profile& profile);

/// JSON of the same figures: withheld ones are "withheld", those that are not there null.
std::string profile_json(const Profile& profile);

/// CSV with a header, one line for each segment (0 the whole) and level: segment, level, customers, row_share of the
/// segment's customers, column_share of the level's.
std::string crosstab_csv(const Crosstab& crosstab);

/// What the names of these files begin with.
inline constexpr const char* crosstab_file_prefix = "crosstab_";
/// "crosstab_plan.csv" of a column's name. Bytes other than letters, digits, '_' and '-' become %20 and the like; names
/// whose files would be longer than 200 bytes are cut and end in a digest of the whole.
std::string crosstab_file_name(const std::string& column);

}  // namespace cardseg::profile
