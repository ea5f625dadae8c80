// Every job of the program; one file each.
#pragma once

#include "cardseg/app/job.hpp"

namespace cardseg::jobs {

app::Job convert_job();
app::Job fit_job();
app::Job assign_job();
app::Job generate_job();
app::Job inspect_job();
app::Job plan_job();
app::Job scaling_job();
app::Job study_job();
app::Job validate_job();
app::Job verify_job();

}  // namespace cardseg::jobs
