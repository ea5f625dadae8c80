// The study that a fit follows, as its study.json tells it.
#pragma once

#include <filesystem>
#include <string>

#include "cardseg/core/option.hpp"
#include "cardseg/quality/trust_options.hpp"
#include "cardseg/report/alternatives.hpp"

namespace cardseg::run {

struct FollowedStudyOptions {
  /// The run directory of a study, or its study.json; empty: none.
  std::string study;
};

core::OptionTable describe(FollowedStudyOptions& options);

/// What a fit is held against.
struct EvidenceOptions {
  quality::TrustOptions trust;
  FollowedStudyOptions followed;
};

core::OptionTable describe(EvidenceOptions& options);

/// Local. Throws core::Error naming the file: missing where it cannot be read, bad_data where it is no study.
report::Alternatives read_alternatives(const std::filesystem::path& study_json);

}  // namespace cardseg::run
