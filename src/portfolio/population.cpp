#include "cardseg/portfolio/population.hpp"

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/with_commas.hpp"

namespace cardseg::portfolio {

void check_population(const std::string& name, const Population& population,
                      const std::vector<io::StoredColumn>& columns) {
  if (!population.is_everybody()) Filter(name, population.filter).check(columns);
}

io::ShardSet select_population(const comm::Communicator& comm, const io::ShardSet& shards,
                               const Population& population) {
  if (population.is_everybody()) return shards.selected(nullptr);
  const core::Range mine = core::local_range(comm.rank(), shards.all_rows(), comm.size());
  const io::ShardSet everybody = shards.selected(nullptr);
  const std::vector<std::uint8_t> matches = comm::agree(
      comm, [&] { return Filter("filter", population.filter).matches(everybody, mine, population.missing_codes); });
  return shards.selected(io::gather_selection(comm, shards.all_rows(), matches));
}

void check_any_selected(const std::string& name, const io::ShardSet& selected) {
  if (!selected.selection() || selected.rows() > 0 || selected.all_rows() == 0) return;
  throw core::Error(core::ExitCode::bad_data,
                    name + " selects none of " + core::with_commas(selected.all_rows()) + " customers")
      .remedy("Look at its columns with 'cardseg inspect', and write a rule that holds for some customers");
}

void check_enough_selected(const std::string& name, const io::ShardSet& selected, int segments) {
  if (!selected.selection() || selected.rows() >= segments) return;
  throw core::Error(core::ExitCode::bad_data, name + " selects " + core::with_commas(selected.rows()) + " of " +
                                                  core::with_commas(selected.all_rows()) + " customers, too few for " +
                                                  core::with_commas(segments) + " segments")
      .remedy("Write a rule that holds for more customers, or ask for fewer segments");
}

}  // namespace cardseg::portfolio
