// Which column of a table of statements is what.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cardseg/core/enum_names.hpp"
#include "transactions/statement.hpp"

namespace cardseg::transactions {

/// What a statement may say beside customer, month and balance.
enum class StatementPart { limit, payment, minimum, interest, fees, past_due };
inline constexpr core::EnumNames<StatementPart> statement_part_names = {"limit",    "payment", "minimum",
                                                                        "interest", "fees",    "past_due"};
inline constexpr std::size_t statement_part_count = static_cast<std::size_t>(StatementPart::past_due) + 1;

struct StatementColumns {
  std::size_t customer = 0;
  std::size_t month = 0;
  std::size_t balance = 0;
  std::array<std::optional<std::size_t>, statement_part_count> parts{};

  const std::optional<std::size_t>& of(StatementPart part) const { return parts[static_cast<std::size_t>(part)]; }
};

/// The place of a part in a statement.
std::int64_t& part_of(Statement& statement, StatementPart part);

/// Pure. By `given` ("balance=saldo"), else by usual names, which are compared without case and without all but letters
/// and digits. Throws core::Error(bad_data) where no column has such a name, usage where `given` names what is not
/// there.
StatementColumns find_statement_columns(const std::vector<std::string>& names, const std::vector<std::string>& given);

}  // namespace cardseg::transactions
