// cardseg: the program. `cardseg --help` lists its jobs.
#include "jobs.hpp"

int main(int argc, char** argv) {
  using namespace cardseg::jobs;
  return cardseg::cli::run_program(
      argc, argv,
      {generate_job(), convert_job(), rfm_job(),    inspect_job(), describe_job(), plan_job(),    validate_job(),
       fit_job(),      study_job(),   assign_job(), drift_job(),   profile_job(),  compare_job(), refresh_job(),
       list_job(),     outcome_job(), export_job(), name_job(),    verify_job(),   status_job(),  scaling_job()});
}
