#include "cardseg/cli/job.hpp"

#include <fmt/format.h>
#include <omp.h>
#include <sched.h>
#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <csignal>
#include <latch>
#include <optional>
#include <thread>
#include <vector>

#include "cardseg/cli/command_line.hpp"
#include "cardseg/cli/exit_codes.hpp"
#include "cardseg/cli/manual.hpp"
#include "cardseg/cli/stop_signals.hpp"
#include "cardseg/cluster/vector_width.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/comm/launch.hpp"
#include "cardseg/comm/session.hpp"
#include "cardseg/core/duration.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/nearest_name.hpp"
#include "cardseg/core/version.hpp"

namespace cardseg::cli {
namespace {

using core::Error;
using core::ExitCode;

int as_int(ExitCode code) { return static_cast<int>(code); }

std::string program_help(const std::vector<Job>& jobs) {
  std::string text =
      "cardseg finds segments in card portfolios by k-means in exact arithmetic: the same input gives the same bytes.\n"
      "\n"
      "usage: cardseg JOB [options]        mpirun -n RANKS cardseg JOB [options]\n\njobs:\n";
  for (const Job& job : jobs) text += fmt::format("  {:<10} {}\n", job.name, job.summary);
  text +=
      "\ncardseg JOB --help explains a job; cardseg --version prints the version.\n"
      "cardseg --man | man -l - shows the manual; source <(cardseg --completion) lets bash complete jobs and options.\n"
      "\nexit codes:\n";
  for (const ExitMeaning& exit : exit_meanings)
    text += fmt::format("  {:>2} {}\n", static_cast<int>(exit.code), exit.word);
  return text;
}

// "usage: cardseg fit SHARDS [options]        a word without a flag belongs to --shards".
std::string usage_of(const Job& job) {
  if (job.positional.empty()) return fmt::format("usage: cardseg {} [options]\n", job.name);
  std::string words = job.positional;
  std::ranges::transform(words, words.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return fmt::format("usage: cardseg {} {} [options]        {}\n", job.name, words, positional_text(job.positional));
}

std::string job_help(const Job& job, const OptionTables& tables) {
  std::string text = fmt::format("cardseg {}: {}\n\n{}\n\n{}\n{}\nexamples:\n", job.name, job.summary, usage_of(job),
                                 job.explanation, listed(tables));
  for (const std::string& example : job.examples) text += fmt::format("  {}\n", example);
  return text;
}

// What a first word that is no job asks for; nothing where it asks for nothing.
std::optional<std::string> text_about_program(const std::string& word, const std::vector<Job>& jobs) {
  if (word == "--help" || word == "-h" || word == "help") return program_help(jobs);
  if (word == "--version") return fmt::format("cardseg {}\n", core::version());
  if (word == "--man") return man_page(jobs);
  if (word == "--completion") return bash_completion(jobs);
  return std::nullopt;
}

int show(const std::string& text) {
  write_result(text);
  flush_results();
  return as_int(ExitCode::done);
}

Error unknown_job(const std::string& name, const std::vector<Job>& jobs) {
  std::vector<std::string> names;
  for (const Job& job : jobs) names.push_back(job.name);
  const std::string guess = core::did_you_mean(name, names);
  Error error(ExitCode::usage, name.empty() ? "no job is named" : "there is no job '" + name + "'");
  error.remedy(guess.empty() ? "cardseg --help lists the jobs" : guess);
  return error;
}

// Where threads cannot be started OpenMP ends the program: so others go first, and say so.
void start_threads(int count) {
  std::latch all_there(1);
  std::vector<std::jthread> others;
  try {  // one more than OpenMP will: it needs some memory beside stacks
    others.reserve(static_cast<std::size_t>(count));
    while (static_cast<int>(others.size()) < count) others.emplace_back([&] { all_there.wait(); });
  } catch (const std::exception&) {
    all_there.count_down();
    throw Error(ExitCode::system, fmt::format("{} threads cannot be started", count))
        .remedy("Use fewer --threads, or raise the limits on memory (ulimit -v) and processes (ulimit -u)");
  }
  all_there.count_down();
  others.clear();
#pragma omp parallel
  {}
}

int chosen_threads(const GeneralOptions& general) {
  if (general.threads > 0) omp_set_num_threads(general.threads);
  const int threads = omp_get_max_threads();
  if (threads > most_threads)
    throw Error(ExitCode::usage, fmt::format("OMP_NUM_THREADS cannot be {}: 1 to {}", threads, most_threads))
        .remedy("Leave it out, or give the number of cores of a rank");
  if (threads > 1 && !comm::supports_threads())
    throw Error(ExitCode::system, "this MPI library does not support threads (MPI_THREAD_FUNNELED)")
        .remedy("Use --threads 1 and more ranks");
  if (threads > 1) start_threads(threads);
  return threads;
}

double chosen_hang_timeout(const GeneralOptions& general) {
  return general.hang_timeout.empty() ? 0.0 : core::parse_duration(general.hang_timeout, core::field("hang-timeout"));
}

// More threads than cores take turns: slower than with fewer. Collective.
void warn_if_crowded(const comm::Communicator& comm, int threads, Console& console) {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) CPU_ZERO(&allowed);
  const int cores = CPU_COUNT(&allowed);
  const std::int64_t missing = comm.max(cores > 0 ? std::int64_t{threads} - cores : std::int64_t{0});
  if (missing > 0)
    console.warning(fmt::format(
        "a rank has {} threads but may use {} of them at once; bind ranks to more cores (mpirun --bind-to none, srun "
        "--cpus-per-task) or use --threads {}",
        threads, threads - missing, threads - missing));
}

// Runs a job whose options are parsed, on ranks that MPI has started.
ExitCode run_job(const Job& job, const GeneralOptions& general, const comm::Communicator& comm,
                 const std::optional<Error>& parse_failure) {
  Console console(general.log, comm.is_root(), general.quiet);
  try {
    comm::throw_agreed(comm, parse_failure);
    Phases phases(console);
    const double hang_timeout_s = comm::agree(comm, [&] { return chosen_hang_timeout(general); });
    comm::watch_for_hangs(comm, hang_timeout_s);
    const int threads = comm::agree(comm, [&] {
      cluster::choose_vector_width(general.simd);
      return chosen_threads(general);
    });
    if (!job.threads_are_elsewhere) warn_if_crowded(comm, threads, console);
    Context context{comm, console, phases, threads};
    const ExitCode code = job.run(context);
    comm::agree(comm, flush_results);
    return code;
  } catch (const comm::AgreedError& error) {
    console.error(error);
    return error.code();
  } catch (...) {
    Error error = comm::current_error();
    Console own(general.log, true, general.quiet);
    own.error(comm.size() > 1 ? error.on_rank(comm.rank()) : error);
    if (comm.size() > 1) comm::Session::abort(as_int(error.code()));  // the others cannot know: end them
    return error.code();
  }
}

// The first of the processes speaks for all.
int refuse(const comm::LaunchConflict& conflict, LogFormat log) {
  Error error(ExitCode::usage, fmt::format("the launcher started {} processes ({}={}), but MPI sees one rank: each "
                                           "process would do the whole job",
                                           conflict.processes, conflict.variable, conflict.processes));
  error.remedy(fmt::format("Start it with srun --mpi=pmix or the mpirun of {}; to run one process on purpose, unset {}",
                           comm::library_version(), conflict.variable));
  Console(log, conflict.number == 0, false).error(error);
  return as_int(error.code());
}

int run_job(const Job& job, std::vector<std::string> words, int argc, char** argv) {
  GeneralOptions general;
  OptionTables tables = job.describe();
  tables.push_back(describe(general));
  std::optional<Error> parse_failure;
  try {
    const bool wants_help = std::ranges::any_of(words, [](const std::string& w) { return w == "--help" || w == "-h"; });
    if (wants_help) return show(job_help(job, tables));
    parse(words, tables, job.positional);
    if (general.print_config) return show(printed_config(tables));
  } catch (...) {
    parse_failure = comm::current_error();
  }
  if (!job.uses_mpi) return as_int(run_job(job, general, comm::Communicator(), parse_failure));
  if (const auto conflict = comm::find_launch_conflict()) return refuse(*conflict, general.log);
  if (job.stops_with_checkpoint) catch_stop_signals();
  const comm::Session session(argc, argv);
  if (const auto conflict = comm::find_launch_conflict(session.world().size())) return refuse(*conflict, general.log);
  return as_int(run_job(job, general, session.world(), parse_failure));
}

// Says once what is wrong with a command line that is no job's, also where a launcher started it on many ranks.
int refuse(const Error& error, int argc, char** argv) {
  std::optional<comm::Session> session;
  if (comm::is_launched()) session.emplace(argc, argv);
  Console(LogFormat::text, !session || session->world().is_root(), false).error(error);
  return as_int(error.code());
}

int run_words(std::vector<std::string> words, int argc, char** argv, const std::vector<Job>& jobs) {
  if (words.empty()) return refuse(unknown_job("", jobs), argc, argv);
  if (const std::optional<std::string> text = text_about_program(words[0], jobs)) return show(*text);
  const auto job = std::ranges::find_if(jobs, [&](const Job& each) { return each.name == words[0]; });
  if (job == jobs.end()) return refuse(unknown_job(words[0], jobs), argc, argv);
  words.erase(words.begin());
  return run_job(*job, std::move(words), argc, argv);
}

}  // namespace

int run_program(int argc, char** argv, const std::vector<Job>& jobs) {
  ::umask(077);                   // outputs name customers: for their owner alone
  std::signal(SIGXFSZ, SIG_IGN);  // a file above the limit on sizes (ulimit -f) is an error that is reported
  keep_standard_streams();
  try {
    return run_words({argv + 1, argv + argc}, argc, argv, jobs);
  } catch (...) {
    const Error error = comm::current_error();
    Console(LogFormat::text, true, false).error(error);
    return as_int(error.code());
  }
}

}  // namespace cardseg::cli
