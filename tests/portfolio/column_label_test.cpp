#include "cardseg/portfolio/column_label.hpp"

#include <gtest/gtest.h>

namespace cardseg::portfolio {
namespace {

std::string label(const std::string& name, const std::string& described = "") {
  Column column;
  column.name = name;
  column.settings.words.label = described;
  return label_of(column);
}

}  // namespace

TEST(ColumnLabel, WritesANameAsWords) {
  EXPECT_EQ(label("CASH_ADVANCE"), "Cash advance");
  EXPECT_EQ(label("cashAdvance"), "Cash advance");
  EXPECT_EQ(label("emp.var.rate"), "Emp var rate");
  EXPECT_EQ(label("_balance__eur_"), "Balance eur");
  EXPECT_EQ(label("überziehung"), "überziehung");
  EXPECT_EQ(label("__"), "__");
}

TEST(ColumnLabel, TakesWhatTheDescriptionSays) { EXPECT_EQ(label("CA_TRX", "Cash advances"), "Cash advances"); }

}  // namespace cardseg::portfolio
