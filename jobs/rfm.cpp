// cardseg rfm: transactions become one row of features a customer.
//
//   cardseg rfm transactions.csv --as-of 2026-09-30 --output shards/
#include "cardseg/transactions/rfm.hpp"
#include "cardseg/cli/command_line.hpp"
#include "cardseg/cli/describe.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/report/console_text.hpp"
#include "cardseg/report/rfm_summary.hpp"
#include "cardseg/run/output_owner.hpp"
#include "cardseg/transactions/rfm_record.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

struct Options {
  transactions::RfmOptions rfm;
  cli::OutputOptions output;
};

cli::OptionTables describe(Options& o) { return {describe(o.rfm), describe(o.output)}; }

core::ExitCode rfm(Options& o, cli::Context& c) {
  o.rfm.csv.output_directory = o.output.output;
  o.rfm.csv.overwrite = o.output.overwrite;
  comm::agree(c.comm, [&] {
    transactions::validate(o.rfm);
    if (!o.rfm.groups_file.empty())
      o.rfm.groups = transactions::make_groups(cli::read_settings(o.rfm.groups_file), o.rfm.groups_file);
  });
  const run::OutputOwner owner(c, o.output, "rfm");
  c.phases.begin("rfm");
  const std::vector<transactions::RfmReport> made = transactions::compute_rfm(c.comm, o.rfm, c.console);
  c.phases.end();
  c.console.print(o.rfm.csv.json ? transactions::rfm_json(o.rfm, made)
                                 : report::console_text(report::rfm_summary(made, o.rfm)));
  return core::ExitCode::done;
}

}  // namespace

cli::Job rfm_job() {
  return make_job<Options>(
      {.name = "rfm",
       .summary = "turn transactions into one row of features a customer",
       .explanation =
           "Reads transactions in CSV or HDF5, one row each: a customer's id, a date, an amount. Writes shards of\n"
           "one row a customer, in the order of ids: recency, frequency, spend, and what else docs/features.md\n"
           "lists. Money is added up exactly. The same transactions give the same shards on any number of ranks\n"
           "and in any order. description.ini beside the shards is for fit; rfm.json records sources, options and\n"
           "where every row and its amount went.\n"
           "\n"
           "Fixed-width files, and such with any number of blanks between fields:\n"
           "  cardseg rfm old.txt --columns customer_id=2-6,date=8-15,amount=20-27 --as-of 1998-06-30 -o shards/\n"
           "  cardseg rfm old.txt --delimiter blanks --no-header --columns id,date,items,amount --as-of ...",
       .examples = {"cardseg rfm transactions.csv --as-of 2026-09-30 --output shards/",
                    "mpirun -n 2 cardseg rfm transactions.csv --as-of 2026-09-30 --window 12m --output year/"},
       .positional = "transactions"},
      rfm);
}

}  // namespace cardseg::jobs
