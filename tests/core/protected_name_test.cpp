#include "cardseg/core/protected_name.hpp"

#include <gtest/gtest.h>

namespace cardseg::core {

TEST(ProtectedName, IsFoundAmongTheWordsOfAColumn) {
  for (const char* name : {"sex", "Gender", "GENDER_CODE", "marital_status", "MaritalStatus", "Marital status", "zip",
                           "home.ZipCode", "PLZ", "customer-race", "Nationalität"})
    EXPECT_TRUE(is_protected_name(name)) << name;
}

TEST(ProtectedName, IsNoPartOfAWord) {
  for (const char* name : {"", "sextant", "gzip_bytes", "zipper", "trace", "brace_count", "engendered", "balance"})
    EXPECT_FALSE(is_protected_name(name)) << name;
}

}  // namespace cardseg::core
