// A rule as people read it: "Balance up to 1,200 EUR and Region is north".
#pragma once

#include <string>

#include "cardseg/profile/rules.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::report {

/// Pure. Of a rule without conditions "everybody". Thresholds have all of their digits: those that were counted with.
std::string rule_words(const profile::Rule& rule, const segments::Model& model);

}  // namespace cardseg::report
