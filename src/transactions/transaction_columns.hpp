// Which column of a table of transactions is what.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cardseg/transactions/rfm_options.hpp"

namespace cardseg::transactions {

struct TransactionColumns {
  std::size_t customer = 0;
  std::size_t date = 0;
  std::size_t amount = 0;
  std::optional<std::size_t> currency{};
  std::optional<std::size_t> category{};
  std::optional<std::size_t> channel{};
  std::optional<std::size_t> transaction{};  ///< its own id
};

/// Pure. The surest usual name of a customer's id.
std::optional<std::size_t> customer_among(const std::vector<std::string>& names);

/// Pure. The first column with one of these names, the surest first; compared without case and without all but letters
/// and digits.
std::optional<std::size_t> first_with_name(const std::vector<std::string>& names,
                                           std::span<const std::string_view> usual);

/// Pure. The column that `option` names in `table` (transactions, statements). Throws core::Error(usage).
std::size_t column_named(const std::vector<std::string>& names, const std::string& option, const std::string& name,
                         const std::string& table);

/// Pure. By the options, else by usual names, which are compared without case and without all but letters and digits.
/// Throws core::Error(bad_data) where none or several columns have such a name, usage where an option names a column
/// that is not there.
TransactionColumns find_columns(const std::vector<std::string>& names, const RfmOptions& options);

}  // namespace cardseg::transactions
