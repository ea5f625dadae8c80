// Reads values of a written shard with plain HDF5 calls, apart from cardseg's own reader.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace cardseg::convert {

/// All values of a numeric or boolean column, as doubles.
std::vector<double> numbers_in(const std::filesystem::path& shard, const std::string& column);
/// All values of a text column, without padding.
std::vector<std::string> texts_in(const std::filesystem::path& shard, const std::string& column);

}  // namespace cardseg::convert
