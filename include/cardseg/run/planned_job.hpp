// The plan of a job: what `cardseg plan` is told, which is all that the job is told, and what comes of it.
#pragma once

#include <vector>

#include "cardseg/cli/describe.hpp"
#include "cardseg/cli/job.hpp"
#include "cardseg/cluster/small_segments.hpp"
#include "cardseg/plan/job_plan.hpp"
#include "cardseg/plan/memory_limit.hpp"
#include "cardseg/profile/disclosure.hpp"
#include "cardseg/quality/study_options.hpp"
#include "cardseg/quality/trust_options.hpp"
#include "cardseg/report/language.hpp"
#include "cardseg/run/checkpointing.hpp"
#include "cardseg/run/guard.hpp"
#include "cardseg/run/study_record.hpp"
#include "cardseg/segments/score.hpp"

namespace cardseg::run {

/// Every option of every job that can be planned, so that a job's words can be handed on as they are.
struct PlannedJobOptions {
  plan::PlanOptions plan;
  plan::NodeOptions nodes{.node_cores = 0};
  cli::InputOptions input;
  cli::FeatureOptions features;
  quality::StudyOptions study{.segments = ""};  ///< of a fit, too, with one number of segments
  segments::ScoreOptions score;
  quality::TrustOptions trust;
  // What matters to the job alone.
  GuardOptions guard;
  profile::DisclosureOptions disclosure;
  cli::OutputOptions output;
  plan::MemoryOptions memory;
  CheckpointOptions checkpoints;
  report::WordOptions words;
  cluster::SizeOptions sizes;
  FollowedStudyOptions followed;
};

cli::OptionTables describe(PlannedJobOptions& options);

/// Local. Reads the headers of the shards and plans the job; warnings go to the log. Throws core::Error.
plan::JobPlan plan_portfolio(PlannedJobOptions options, const plan::TimeConstants& constants, cli::Context& context);

}  // namespace cardseg::run
