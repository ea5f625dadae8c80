#include "cardseg/convert/convert_options.hpp"

#include <gmock/gmock.h>

#include "support/thrown_error.hpp"

namespace cardseg::convert {
namespace {

using support::error_of;
using testing::ElementsAre;
using testing::HasSubstr;
using Texts = std::vector<std::string>;

ConvertOptions good_options() {
  ConvertOptions options;
  options.inputs = {"customers.csv"};
  options.output_directory = "shards";
  return options;
}

// What the option's field holds after it was set, as texts.
Texts after(const std::string& name, const Texts& texts) {
  ConvertOptions options;
  core::OptionTable table = describe(options);
  table.at(name).set(texts);
  return table.at(name).texts();
}

std::string refusal(const std::string& name, const std::string& text) {
  return error_of([&] { after(name, {text}); }).what();
}

template <class Change>
std::string refusal_of(Change change) {
  ConvertOptions options = good_options();
  change(options);
  return error_of([&] { validate(options); }).what();
}

}  // namespace

TEST(ConvertOptions, AreReadAndWrittenAsUsersWriteThem) {
  EXPECT_THAT(after("input", {"a.csv", "-"}), ElementsAre("a.csv", "-"));
  EXPECT_THAT(after("delimiter", {"\\t"}), ElementsAre("tab"));
  EXPECT_THAT(after("decimal", {","}), ElementsAre(","));
  EXPECT_THAT(after("thousands", {"space"}), ElementsAre("space"));
  EXPECT_THAT(after("currency", {"$, EUR"}), ElementsAre("$,EUR"));
  EXPECT_THAT(after("dates", {"dmy"}), ElementsAre("dmy"));
  EXPECT_THAT(after("max-bad-rows", {"0.5 %"}), ElementsAre("0.5%"));
  EXPECT_THAT(after("max-bad-rows", {"7"}), ElementsAre("7%"));
  EXPECT_THAT(after("na", {"999,pdays=-1", "k.A."}), ElementsAre("999", "pdays=-1", "k.A."));
  EXPECT_THAT(after("type", {"b=text", "a=b=int64", "day=date"}), ElementsAre("a=b=int64", "b=text", "day=date"));
}

TEST(ConvertOptions, HaveDefaultsThatAreReadBack) {
  ConvertOptions options;
  for (core::Option& option : describe(options).options) {
    const Texts texts = option.texts();
    if (!texts.empty() && !texts.front().empty()) option.set(texts);  // nothing given is not an empty value
    EXPECT_EQ(option.texts(), texts) << option.name;
  }
}

TEST(ConvertOptions, RefuseWhatCannotBeMeant) {
  EXPECT_THAT(refusal("decimal", "space"), HasSubstr("decimal cannot be 'space'. It is . or ,"));
  EXPECT_THAT(refusal("thousands", "x"), HasSubstr("thousands cannot be 'x'. It is one of . , ' and space"));
  EXPECT_THAT(refusal("dates", "ymd"), HasSubstr("dates cannot be 'ymd'. It is iso, dmy or mdy"));
  EXPECT_THAT(refusal("max-bad-rows", "101%"), HasSubstr("max-bad-rows cannot be '101%'"));
  EXPECT_THAT(refusal("max-bad-rows", ""), HasSubstr("It is a share of the rows, 0% to 100%"));
  EXPECT_THAT(refusal("na", "=999"), HasSubstr("na cannot be '=999'. Write na WORD or na COLUMN=WORD"));
  EXPECT_THAT(refusal("type", "age"), HasSubstr("Write type COLUMN=TYPE"));
  EXPECT_THAT(refusal("type", "age=day"), HasSubstr("the type of age cannot be 'day'"));
}

TEST(ConvertOptions, AreCheckedTogether) {
  EXPECT_NO_THROW(validate(good_options()));
  EXPECT_THAT(refusal_of([](auto& o) { o.inputs.clear(); }), HasSubstr("no CSV file is named"));
  EXPECT_THAT(refusal_of([](auto& o) { o.inputs = {"-", "-"}; }), HasSubstr("standard input is named twice"));
  EXPECT_THAT(refusal_of([](auto& o) { o.header_line = -1; }), HasSubstr("header-line cannot be -1"));
  EXPECT_THAT(refusal_of([](auto& o) { o.has_no_header = true; }), HasSubstr("no-header needs the names"));
  EXPECT_THAT(refusal_of([](auto& o) { o.column_names = {"a"}; }), HasSubstr("Add no-header, or leave columns out"));
  EXPECT_THAT(refusal_of([](auto& o) { o.max_bad_share = 2; }), HasSubstr("max-bad-rows cannot be 200%"));
  EXPECT_THAT(refusal_of([](auto& o) { o.conventions = {.decimal = ',', .thousands = ','}; }),
              HasSubstr("thousands and the decimal mark are both ','"));
  EXPECT_THAT(refusal_of([](auto& o) { o.conventions.currencies = {"5"}; }), HasSubstr("currency cannot be '5'"));
}

}  // namespace cardseg::convert
