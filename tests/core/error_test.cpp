#include "cardseg/core/error.hpp"

#include <gtest/gtest.h>

namespace cardseg::core {

TEST(Error, SaysWhereWhatAndWhatToDo) {
  Error error(ExitCode::bad_data, "an infinite value");
  error.in_file("a.h5").in_column("balance").at_rows(3, 9).remedy("Remove it");

  EXPECT_STREQ(error.what(), "a.h5, column balance, rows 4 to 10: an infinite value. Remove it");
}

TEST(Error, ComesBackEqualFromItsBytes) {
  Error error(ExitCode::io, "disk full");
  error.in_file("out/model.json").at_row(4).on_rank(2).remedy("Free some space");

  const Error back = Error::unpacked(error.packed());

  EXPECT_STREQ(back.what(), error.what());
  EXPECT_EQ(back.code(), ExitCode::io);
  EXPECT_EQ(back.place().rank, 2);
}

}  // namespace cardseg::core
