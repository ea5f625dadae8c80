#include "cardseg/io/utf8.hpp"

#include <gtest/gtest.h>

namespace cardseg::io {

TEST(Utf8, AcceptsTextOfEveryLength) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("Z\xC3\xBCrich \xE2\x82\xAC \xF0\x9F\x92\xB3"));
  EXPECT_TRUE(is_utf8("\xF4\x8F\xBF\xBF"));  // U+10FFFF, the last one
}

TEST(Utf8, RefusesWhatTheStandardForbids) {
  EXPECT_FALSE(is_utf8("Z\xFCrich"));         // Latin-1
  EXPECT_FALSE(is_utf8("\xC0\x80"));          // overlong NUL
  EXPECT_FALSE(is_utf8("\xE0\x9F\xBF"));      // overlong, three bytes
  EXPECT_FALSE(is_utf8("\xF0\x8F\xBF\xBF"));  // overlong, four bytes
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));      // a surrogate
  EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80"));  // past U+10FFFF
  EXPECT_FALSE(is_utf8("\xE2\x82"));          // cut off
  EXPECT_FALSE(is_utf8("\x80"));              // a continuation alone
}

TEST(Shown, KeepsTextAndHidesControlCharacters) {
  EXPECT_EQ(shown("Z\xC3\xBCrich"), "Z\xC3\xBCrich");
  EXPECT_EQ(shown("a\x1B[2J\nb"), "a?[2J?b");
  EXPECT_EQ(shown("Z\xFCrich"), "Z?rich");
}

TEST(Shown, CutsLongNamesBetweenCodePoints) {
  EXPECT_EQ(shown(std::string(59, 'a') + "\xC3\xBC" + std::string(200, 'b')), std::string(59, 'a') + "...");
}

}  // namespace cardseg::io
