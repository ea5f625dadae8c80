// A scaling study from options to what was measured.
#pragma once

#include "cardseg/cli/describe.hpp"
#include "cardseg/cli/job.hpp"
#include "cardseg/scaling/scaling_model.hpp"

namespace cardseg::run {

struct ScalingStudyOptions {
  scaling::ScalingRequest request;
  cli::InputOptions input;
  cli::FeatureOptions features;
  cli::OutputOptions output;
  scaling::ScalingOptions scaling;  ///< what the request comes to

  bool is_generated() const { return input.shards.empty(); }
};

cli::OptionTables describe(ScalingStudyOptions& options);

/// Collective. Settles what the options mean on so many ranks, prepares the output directory and measures. The study is
/// whole on the root alone, which also warns of what its figures do not show. Throws comm::AgreedError.
scaling::ScalingStudy study_scaling(cli::Context& context, ScalingStudyOptions& options);

}  // namespace cardseg::run
