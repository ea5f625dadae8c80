#include "cardseg/report/document.hpp"

#include <iterator>

namespace cardseg::report {

void Document::append(Document chapter) {
  blocks.insert(blocks.end(), std::make_move_iterator(chapter.blocks.begin()),
                std::make_move_iterator(chapter.blocks.end()));
}

Table table_of(const Bars& bars) {
  Table table{bars.title, {{""}, bars.of}, {}};
  if (!bars.notes.empty()) table.columns.push_back({bars.notes});
  for (const Bars::Bar& bar : bars.bars) {
    table.rows.push_back({bar.label, bar.value});
    if (!bars.notes.empty()) table.rows.back().emplace_back(bar.note);
  }
  return table;
}

Table table_of(const Cards& cards) {
  Table table{cards.title, {{"Segment"}, {"Name"}, {"Shares"}, {"What sets it apart"}, {"Verdict"}}, {}};
  for (const Cards::Card& card : cards.cards) {
    std::string shares;
    for (const Cards::Meter& meter : card.meters)
      shares += (shares.empty() ? "" : ", ") + meter.label + " " + meter.text;
    std::string lines;
    for (const std::string& line : card.lines) lines += (lines.empty() ? "" : "; ") + line;
    table.rows.push_back({card.mark, card.title, shares, lines, card.verdict ? card.verdict->word : ""});
  }
  return table;
}

Table table_of(const Strips& strips) {
  Table table{strips.title, {{""}}, {}};
  for (const char* quantile : {"5 %", "25 %", "50 %", "75 %", "95 %"})
    table.columns.push_back({quantile, Format::number});
  table.columns.push_back({"Zeros", Format::share, fitting_decimals});
  for (const Strips::Strip& strip : strips.strips) {
    table.rows.push_back({strip.label});
    for (const double value : strip.own) table.rows.back().emplace_back(value);
    table.rows.back().emplace_back(strip.zeros);
  }
  return table;
}

}  // namespace cardseg::report
