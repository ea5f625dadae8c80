// Every job of the program; one file each.
#pragma once

#include <memory>
#include <utility>

#include "cardseg/cli/job.hpp"

namespace cardseg::jobs {

cli::Job compare_job();
cli::Job convert_job();
cli::Job describe_job();
cli::Job drift_job();
cli::Job export_job();
cli::Job fit_job();
cli::Job assign_job();
cli::Job generate_job();
cli::Job inspect_job();
cli::Job name_job();
cli::Job list_job();
cli::Job outcome_job();
cli::Job plan_job();
cli::Job profile_job();
cli::Job refresh_job();
cli::Job rfm_job();
cli::Job scaling_job();
cli::Job status_job();
cli::Job study_job();
cli::Job validate_job();
cli::Job verify_job();

/// A job with options of type Options, of which describe(options) gives the tables, and which body(options, context)
/// does.
template <class Options, class Body>
cli::Job make_job(cli::Job job, Body body) {
  const auto options = std::make_shared<Options>();
  job.describe = [options] { return cli::OptionTables{describe(*options)}; };
  job.run = [options, body](cli::Context& context) { return body(*options, context); };
  return job;
}

}  // namespace cardseg::jobs
