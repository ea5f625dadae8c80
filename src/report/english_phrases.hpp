// Words about segments in English.
#pragma once

#include "report/phrases.hpp"

namespace cardseg::report {

class EnglishPhrases : public Phrases {
 public:
  std::string name_part(const Trait& trait) const override;
  std::string driver(const Trait& trait) const override;
  std::string clause(const Trait& trait) const override;
  std::string statement(const Trait& trait) const override;
  std::string statement(const Worth& worth) const override;
  std::string sentence(const SegmentSize& size, const std::vector<std::string>& clauses) const override;
  std::string opening(const SegmentSize& size) const override;
  std::string close_name() const override;
  std::string close_sentence(const SegmentSize& size) const override;
  std::string largest_of_small() const override;
  std::string rest_is_close() const override;
  std::string small_name() const override;
  std::string small_sentence(std::int64_t min_cell) const override;
  std::string silent_sentence(const SegmentSize& size) const override;
};

}  // namespace cardseg::report
