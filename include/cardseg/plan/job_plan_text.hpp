// A JobPlan as people, Slurm and programs read it.
#pragma once

#include <string>
#include <vector>

#include "cardseg/plan/job_plan.hpp"

namespace cardseg::plan {

/// Options of sbatch: "--nodes=2", "--ntasks=8", ...
std::vector<std::string> slurm_options(const JobPlan& plan);
/// Lines for people.
std::vector<std::string> described(const JobPlan& plan, const TimeConstants& constants);
std::string to_json(const JobPlan& plan, const TimeConstants& constants);
/// The text that `options` ask for: JSON, options of sbatch one a line, or lines for people.
std::string text_of(const JobPlan& plan, const TimeConstants& constants, const PlanOptions& options);

}  // namespace cardseg::plan
