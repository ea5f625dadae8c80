// Names by which people know the column that identifies a customer, and those of counters and other keys.
#pragma once

#include <string_view>

namespace cardseg::core {

/// What a column's name says of an id. Names are compared without case, blanks, '_', '-', '.' and '#'.
enum class IdName {
  none,     ///< nothing
  suspect,  ///< a counter, an index or another key: row, Sl_No, Unnamed: 0, branch_id
  word,     ///< a customer without id, number or key: customer, Account; it may be one's balance, too
  usual     ///< customer_id, Client ID, CLIENTNUM, account-no, Kundennummer, id, ...
};

/// Pure.
IdName id_name(std::string_view column);

/// Pure. Which of several usual names is rather the customer's: the lower, the rather. Customers come before plain ids,
/// those before accounts, and words last. Precondition: it is a word or a usual name.
int id_preference(std::string_view column);

}  // namespace cardseg::core
