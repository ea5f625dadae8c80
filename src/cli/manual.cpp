#include "cardseg/cli/manual.hpp"

#include <fmt/format.h>

#include <cctype>

#include "cardseg/cli/command_line.hpp"
#include "cardseg/cli/exit_codes.hpp"
#include "cardseg/core/version.hpp"

namespace cardseg::cli {
namespace {

constexpr const char* opening = R"(.SH NAME
cardseg \- segment card portfolios: the same input gives the same bytes
.SH SYNOPSIS
.B cardseg
.I JOB
.RI [ options ]
.br
.B mpirun \-n
.I RANKS
.B cardseg
.I JOB
.RI [ options ]
.br
.B cardseg
.BR \-\-help " | " \-\-version " | " \-\-man " | " \-\-completion
.SH DESCRIPTION
.B cardseg
finds segments in a portfolio of card customers by k-means. It reads HDF5 shards, runs on any number of MPI ranks and
threads, and writes a run directory: the model, the segment of every customer, and tables. Model, counts, labels and
tables are identical to the last bit for any number of ranks and threads and for any split of the same rows into shards.
.PP
Results go to standard output, the log to standard error.
)";

constexpr const char* closing = R"(.SH CONFIGURATION FILE
A file for
.B \-\-config
holds one option on each line,
.IR "name = value" ,
without the dashes;
.B #
at the beginning of a line or after a blank starts a comment. The command line overrides the file.
.B \-\-print\-config
prints such a file with every option as it is set.
.SH ENVIRONMENT
.TP
.B OMP_NUM_THREADS
threads of each rank, where
.B \-\-threads
is 0. Results do not depend on it.
.TP
.B CARDSEG_CONSTANTS
file of time constants for planned times, as
.B cardseg plan \-\-calibrate
saves it.
.TP
.B NO_COLOR
if set, the log has no colours.
.SH EXIT STATUS
)";

constexpr const char* footer = R"(.SH SEE ALSO
.BR mpirun (1),
.BR h5dump (1)
)";

// Text as roff shows it literally: no escapes, no requests, and dashes that can be copied.
std::string escaped(const std::string& text) {
  std::string result;
  bool starts_line = true;
  for (const char c : text) {
    if (starts_line && (c == '.' || c == '\'')) result += "\\&";
    starts_line = c == '\n';
    if (c == '-')
      result += "\\-";
    else if (c == '\\')
      result += "\\e";
    else
      result += c;
  }
  return result;
}

// "--segments K (=8)", with the short form first where there is one.
std::string heading(const core::Option& option) {
  std::string text = "\\fB\\-\\-" + escaped(option.name) + "\\fR";
  if (!option.letter.empty()) text = "\\fB\\-" + option.letter + "\\fR, " + text;
  if (option.kind == core::Option::Kind::toggle) return text;
  text += " \\fI" + escaped(option.value_name) + "\\fR";
  const std::string now = option.text();
  return now.empty() ? text : text + escaped(" (=" + now + ")");
}

std::string listed(const core::OptionTable& table) {
  std::string text;
  for (const core::Option& option : table.options)
    text += fmt::format(".TP\n{}\n{}\n", heading(option), escaped(with_flags(option.explanation())));
  return text;
}

std::string as_sentence(std::string text) {
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::string described(const Job& job) {
  const std::string bare =
      job.positional.empty() ? "" : fmt::format(".PP\n{}.\n", escaped(as_sentence(positional_text(job.positional))));
  std::string text = fmt::format(".SS cardseg {}\n{}\n{}{}", job.name, escaped(job.explanation), bare,
                                 listed(core::merged("", job.describe())));
  text += ".PP\nExamples:\n.PP\n.nf\n.RS 4\n";
  for (const std::string& example : job.examples) text += escaped(example) + "\n";
  return text + ".RE\n.fi\n";
}

std::string dashed_names(const core::OptionTable& table) {
  std::string names;
  for (const core::Option& option : table.options) names += " --" + option.name;
  return names;
}

}  // namespace

std::string man_page(const std::vector<Job>& jobs) {
  std::string page = fmt::format(".TH CARDSEG 1 \"\" \"cardseg {}\" \"User Commands\"\n.nh\n.ad l\n", core::version());
  page += opening;
  page += ".SH JOBS\n";
  for (const Job& job : jobs) page += fmt::format(".TP\n.B {}\n{}\n", escaped(job.name), escaped(job.summary));
  page += ".SH OPTIONS\n.SS Of every job\n";
  GeneralOptions general;
  page += listed(describe(general));
  for (const Job& job : jobs) page += described(job);
  page += closing;
  for (const ExitMeaning& exit : exit_meanings)
    page += fmt::format(".TP\n.B {}\n{}\n", static_cast<int>(exit.code), escaped(exit.meaning));
  return page + footer;
}

std::string bash_completion(const std::vector<Job>& jobs) {
  std::string names;
  std::string cases;
  for (const Job& job : jobs) {
    names += job.name + " ";
    cases += fmt::format("    {}) words=\"{}\" bare={} ;;\n", job.name,
                         dashed_names(core::merged("", job.describe())).substr(1),
                         job.positional.empty() ? "" : positional_options(job.positional).front());
  }
  GeneralOptions general;
  return fmt::format(R"(# Completes cardseg's jobs and options in bash.
_cardseg() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} words='' bare='' before=${{COMP_WORDS[COMP_CWORD - 1]}}
  if ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W "{}--help --version --man --completion" -- "$current")
    return
  fi
  COMPREPLY=()
  case ${{COMP_WORDS[1]}} in
{}    *) return ;;
  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words{}" -- "$current")
  elif [[ $bare == shards && $before != -* ]]; then # a word without a flag: directories and shards
    mapfile -t COMPREPLY < <(compgen -d -- "$current"; compgen -f -- "$current" | grep -E '\.(h5|hdf5)$')
  fi # else file names
}}
complete -o default -F _cardseg cardseg
)",
                     names, cases, dashed_names(describe(general)));
}

}  // namespace cardseg::cli
