// What a column of a shard is beside its type.
#pragma once

#include <filesystem>
#include <set>
#include <string>

namespace cardseg::io {

/// Local. The columns of a shard that are marked as dates: days since 1970-01-01. Throws core::Error where the file
/// cannot be opened.
std::set<std::string> date_columns(const std::filesystem::path& shard);

}  // namespace cardseg::io
