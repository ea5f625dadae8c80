// Let y = customers in rows of groups and -customers in the row of the whole. Then the y of a row add up to what is
// known, and those of a level to 0. A cell is raised by lowering another one of its level, raising one of that one's
// row, and so on, until one of its own row is lowered: a path from its level to its row. Capacities: customers are not
// negative, and have no upper limit.
#include "cardseg/profile/cell_suppression.hpp"

#include <algorithm>
#include <deque>
#include <limits>

namespace cardseg::profile {
namespace {

constexpr std::int64_t unlimited = std::numeric_limits<std::int64_t>::max() / 4;

struct Cell {
  std::size_t row;
  std::size_t level;
};

enum class Direction { up, down };  // of y

Direction opposite(Direction direction) { return direction == Direction::up ? Direction::down : Direction::up; }

enum class Cells { withheld, any };  // that a path may go through

class Suppression {
 public:
  Suppression(const SuppressionTable& table, std::int64_t min_cell)
      : table_(table),
        min_cell_(min_cell),
        rows_(table.customers.size()),
        levels_(table.customers.front().size()),
        withheld_(rows_, std::vector<bool>(levels_)) {
    for (std::size_t r = 0; r < rows_; ++r)
      for (std::size_t l = 0; l < levels_; ++l) {
        const std::int64_t customers = table.customers[r][l];
        if (customers > 0 && customers < min_cell) withhold({r, l});
        if (table.is_unpublished_row[r]) withheld_[r][l] = true;
      }
  }

  CellMask protect_all() {
    while (!to_protect_.empty()) {
      protect(to_protect_.front());
      to_protect_.pop_front();
    }
    return withheld_;
  }

 private:
  void withhold(Cell cell) {
    if (withheld_[cell.row][cell.level]) return;
    withheld_[cell.row][cell.level] = true;
    to_protect_.push_back(cell);
  }

  // More withheld cells never make an interval narrower, so a cell that was protected stays so.
  void protect(Cell cell) {
    while (true) {
      Flow down(*this, cell, Direction::down);
      Flow up(*this, cell, Direction::up);
      const std::int64_t width = down.push(min_cell_) + up.push(min_cell_);
      if (width >= min_cell_) return;
      if (!up.withhold_a_path() && !down.withhold_a_path()) return;
    }
  }

  std::int64_t cost(Cell cell) const {
    if (withheld_[cell.row][cell.level]) return 0;
    const std::vector<std::int64_t>& row = table_.customers[cell.row];
    std::int64_t cost = row[cell.level];
    if (static_cast<int>(cell.level) == table_.last_choice)
      for (const std::int64_t customers : row) cost += customers;
    return cost;
  }

  // The customers that are moved when one cell goes into a direction.
  class Flow {
   public:
    Flow(Suppression& of, Cell cell, Direction direction)
        : of_(of), cell_(cell), direction_(direction), customers_(of.table_.customers) {}

    // How far the cell can go, at most `most`, while the published ones stay.
    std::int64_t push(std::int64_t most) {
      std::int64_t pushed = 0;
      while (pushed < most) {
        const std::int64_t step = std::min({most - pushed, capacity(cell_, direction_), find_path(Cells::withheld)});
        if (step <= 0) break;
        follow(step);
        pushed += step;
      }
      return pushed;
    }

    // Withholds the published cells of the cheapest path on which the cell would go further. False: there is none.
    bool withhold_a_path() {
      if (capacity(cell_, direction_) <= 0 || find_path(Cells::any) <= 0) return false;
      for (const Step& step : path_) of_.withhold(step.cell);
      return true;
    }

   private:
    struct Step {
      Cell cell;
      Direction direction;
    };

    bool is_raised(Cell cell, Direction direction) const { return (direction == Direction::up) != (cell.row == 0); }

    std::int64_t capacity(Cell cell, Direction direction) const {
      return is_raised(cell, direction) ? unlimited : customers_[cell.row][cell.level];
    }

    bool is_usable(Cell cell, Direction direction, Cells cells) const {
      if (of_.table_.customers[cell.row][cell.level] == 0) return false;  // published
      if (cells == Cells::withheld && !of_.withheld_[cell.row][cell.level]) return false;
      if (cell.row == cell_.row && cell.level == cell_.level) return false;
      return capacity(cell, direction) > 0;
    }

    // Dijkstra's search from the cell's level to its row, nodes in order: rows, then levels. Sets `path_`; the
    // customers that it can carry, 0 where there is none.
    std::int64_t find_path(Cells cells) {
      const std::size_t rows = of_.rows_;
      const std::size_t nodes = rows + of_.levels_;
      std::vector<std::int64_t> distance(nodes, unlimited);
      std::vector<std::size_t> from(nodes, nodes);
      std::vector<bool> is_done(nodes);
      distance[rows + cell_.level] = 0;
      while (true) {
        std::size_t at = nodes;
        for (std::size_t v = 0; v < nodes; ++v)
          if (!is_done[v] && distance[v] < unlimited && (at == nodes || distance[v] < distance[at])) at = v;
        if (at == nodes) return 0;
        if (at == cell_.row) break;
        is_done[at] = true;
        const bool is_row = at < rows;
        for (std::size_t v = is_row ? rows : 0; v < (is_row ? nodes : rows); ++v) {
          if (is_done[v]) continue;
          const Step step = step_between(at, v);
          if (!is_usable(step.cell, step.direction, cells)) continue;
          const std::int64_t through = distance[at] + of_.cost(step.cell);
          if (through >= distance[v]) continue;
          distance[v] = through;
          from[v] = at;
        }
      }
      path_.clear();
      std::int64_t carried = unlimited;
      for (std::size_t v = cell_.row; from[v] != nodes; v = from[v]) {
        path_.push_back(step_between(from[v], v));
        carried = std::min(carried, capacity(path_.back().cell, path_.back().direction));
      }
      std::ranges::reverse(path_);
      return carried;
    }

    // Leaving a level, a cell goes against the direction of the one that is moved; leaving a row, with it.
    Step step_between(std::size_t begin, std::size_t end) const {
      const bool leaves_level = begin >= of_.rows_;
      return {leaves_level ? Cell{end, begin - of_.rows_} : Cell{begin, end - of_.rows_},
              leaves_level ? opposite(direction_) : direction_};
    }

    void move(Cell cell, Direction direction, std::int64_t step) {
      customers_[cell.row][cell.level] += is_raised(cell, direction) ? step : -step;
    }

    void follow(std::int64_t customers) {
      move(cell_, direction_, customers);
      for (const Step& step : path_) move(step.cell, step.direction, customers);
    }

    Suppression& of_;
    Cell cell_;
    Direction direction_;
    std::vector<std::vector<std::int64_t>> customers_;  // as they are after what was pushed
    std::vector<Step> path_;
  };

  const SuppressionTable& table_;
  std::int64_t min_cell_;
  std::size_t rows_;
  std::size_t levels_;
  CellMask withheld_;
  std::deque<Cell> to_protect_;
};

}  // namespace

CellMask withheld_cells(const SuppressionTable& table, std::int64_t min_cell) {
  return Suppression(table, min_cell).protect_all();
}

}  // namespace cardseg::profile
