// Every job of the program; one file each.
#pragma once

#include "cardseg/cli/job.hpp"

namespace cardseg::jobs {

cli::Job convert_job();
cli::Job fit_job();
cli::Job assign_job();
cli::Job generate_job();
cli::Job inspect_job();
cli::Job plan_job();
cli::Job scaling_job();
cli::Job study_job();
cli::Job validate_job();
cli::Job verify_job();

}  // namespace cardseg::jobs
