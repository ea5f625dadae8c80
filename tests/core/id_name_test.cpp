#include "cardseg/core/id_name.hpp"

#include <gtest/gtest.h>

namespace cardseg::core {

TEST(IdName, KnowsTheUsualOnesInAnySpelling) {
  for (const char* name : {"customer_id", "CustomerID", "Customer ID", "customer-id", "CUST.ID", "client_id",
                           "CLIENTNUM", "Customer Key", "account_id", "Account No.", "Acct #", "Card Holder Number",
                           "memberNo", "party_key", "Kundennummer", "kunden-nr", "ID", "id_customer"})
    EXPECT_EQ(id_name(name), std::string_view(name) == "Acct #" ? IdName::word : IdName::usual) << name;
}

TEST(IdName, TellsCustomersWithoutNumberAsWords) {
  for (const char* name : {"customer", "Client", "ACCOUNT", "member"}) EXPECT_EQ(id_name(name), IdName::word) << name;
}

TEST(IdName, SuspectsCountersIndexColumnsAndOtherKeys) {
  for (const char* name : {"Sl_No", "S.No", "Sr No", "Row", "row_number", "RowId", "index", "Unnamed: 0", "column_1",
                           "branch_id", "transactionID", "card number", "Serial"})
    EXPECT_EQ(id_name(name), IdName::suspect) << name;
}

TEST(IdName, SaysNothingOfOtherNames) {
  for (const char* name : {"balance", "paid", "valid", "num_cards", "number_of_accounts", "casino", "monkey",
                           "accounts", "customer_age", "members_since", "max", "columns"})
    EXPECT_EQ(id_name(name), IdName::none) << name;
}

TEST(IdName, PrefersCustomersToPlainIdsAndThoseToAccounts) {
  EXPECT_LT(id_preference("Customer Key"), id_preference("cust_id"));
  EXPECT_LT(id_preference("cust_id"), id_preference("id"));
  EXPECT_LT(id_preference("id"), id_preference("account_id"));
  EXPECT_LT(id_preference("account_id"), id_preference("customer"));
}

}  // namespace cardseg::core
