#include "cardseg/report/html.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "cardseg/report/numbers.hpp"
#include "report/html_parts.hpp"
#include "report/page_style.hpp"
#include "report/xml.hpp"

namespace cardseg::report {
namespace {

constexpr std::ptrdiff_t fewest_contents = 3;  // chapters
constexpr std::size_t wide_columns = 7;        // from here on the first column stays while the others scroll
constexpr std::size_t long_text = 40;          // bytes; a cell with more is prose and may break
constexpr double most_doublings = 4;           // of ratios that bars tell from one another: 16 x

// HTML's elements that have no end tag.
bool is_void(std::string_view name) {
  constexpr std::array<std::string_view, 5> names = {"meta", "link", "br", "hr", "col"};
  return std::ranges::find(names, name) != names.end();
}

// <p></p>, not <p/>, which HTML takes for a start tag alone. Within svg both are the same.
void give_end_tags(pugi::xml_node element) {
  const std::string_view name = element.name();
  if (element.type() != pugi::node_element || name == "svg" || is_void(name)) return;
  if (!element.first_child()) element.append_child(pugi::node_pcdata);
  for (pugi::xml_node child : element.children()) give_end_tags(child);
}

bool is_number(const Column& column) { return column.format != Format::text; }
bool has_bar(const Column& column) { return column.format == Format::bar || column.format == Format::factor_bar; }

double number_of(const Value& value) {
  if (const auto* count = std::get_if<std::int64_t>(&value)) return static_cast<double>(*count);
  const auto* number = std::get_if<double>(&value);
  return number != nullptr && std::isfinite(*number) ? *number : 0.0;
}

std::string shade_class(double shade) {
  const auto strength = static_cast<int>(std::ceil(std::min(std::abs(shade), 1.0) * shades - 0.5));
  if (!(strength > 0)) return "";
  return (shade > 0 ? "above" : "below") + std::to_string(strength);
}

// Of a ratio that is not negative, within the limits that bars have.
double doublings(double ratio) {
  return std::clamp(ratio > 0 ? std::log2(ratio) : -most_doublings, -most_doublings, most_doublings);
}

// Bars of a table are to be compared, also those of several columns: the longest takes all the room.
struct LongestBars {
  double share = 0.0;
  double doublings = 0.0;

  explicit LongestBars(const Table& table) {
    for (const std::vector<Cell>& row : table.rows)
      for (std::size_t c = 0; c < row.size(); ++c) {
        const double value = number_of(row[c].value);
        if (table.columns[c].format == Format::bar) share = std::max(share, value);
        if (table.columns[c].format == Format::factor_bar && std::holds_alternative<double>(row[c].value))
          doublings = std::max(doublings, std::abs(report::doublings(value)));
      }
    if (!(share > 0)) share = 1.0;
    if (!(doublings > 0)) doublings = 1.0;
  }
};

// From one value to another, as bars show them.
struct BarScale {
  double low = 0.0;
  double high = 1.0;
  double origin = 0.0;
  bool is_logarithmic = false;

  explicit BarScale(const Bars& bars) : origin(bars.origin), is_logarithmic(bars.scale == Bars::Scale::logarithmic) {
    low = bars.high > bars.low ? bars.low : bars.origin;
    high = bars.high > bars.low ? bars.high : bars.origin;
    if (bars.high > bars.low) return;
    for (const Bars::Bar& bar : bars.bars)
      if (std::isfinite(bar.value) && (!is_logarithmic || bar.value > 0)) {
        low = std::min(low, bar.value);
        high = std::max(high, bar.value);
      }
  }

  double place(double value) const {
    const double within = std::isfinite(value) ? std::clamp(value, low, high) : origin;
    if (!(high > low)) return 0.0;
    if (is_logarithmic) return std::log2(within / low) / std::log2(high / low);
    return (within - low) / (high - low);
  }
};

class HtmlWriter {
 public:
  explicit HtmlWriter(const Document& document) {
    page_.append_child(pugi::node_doctype).set_value("html");
    pugi::xml_node root = add_element(page_, "html");
    set_attribute(root, "lang", document.language);
    write_head(root, document);
    pugi::xml_node body = add_element(root, "body");
    pugi::xml_node skip = add_element(body, "a", "Skip to the content");
    set_attribute(skip, "class", "skip");
    set_attribute(skip, "href", "#content");
    pugi::xml_node page = add_element(body, "div");
    const bool has_contents = write_contents(page, document);
    set_attribute(page, "class", has_contents ? "page with-contents" : "page");
    pugi::xml_node content = add_element(page, "main");
    set_attribute(content, "id", "content");
    write(content, document.blocks);
    give_end_tags(root);
  }

  std::string text() const { return to_text(page_); }

 private:
  static void write_head(pugi::xml_node root, const Document& document) {
    pugi::xml_node head = add_element(root, "head");
    set_attribute(add_element(head, "meta"), "charset", "utf-8");
    pugi::xml_node viewport = add_element(head, "meta");
    set_attribute(viewport, "name", "viewport");
    set_attribute(viewport, "content", "width=device-width, initial-scale=1");
    add_element(head, "title", document.title);
    add_element(head, "style").append_child(pugi::node_pcdata).set_value(page_style);
  }

  static std::string chapter_id(int chapter) { return "chapter-" + std::to_string(chapter); }

  static bool write_contents(pugi::xml_node page, const Document& document) {
    const auto chapters = std::ranges::count_if(document.blocks, [](const Block& block) {
      const auto* heading = std::get_if<Heading>(&block.content);
      return heading != nullptr && heading->level == 2;
    });
    if (chapters < fewest_contents) return false;
    pugi::xml_node contents = add_element(page, "nav");
    set_attribute(contents, "aria-label", "Contents");
    pugi::xml_node list = add_element(contents, "ul");
    pugi::xml_node chapter_item;
    pugi::xml_node within;
    int chapter = 0;
    for (const Block& block : document.blocks) {
      const auto* heading = std::get_if<Heading>(&block.content);
      if (heading == nullptr || heading->level < 2 || (heading->level > 2 && heading->id.empty())) continue;
      if (heading->level == 2) {
        chapter_item = add_element(list, "li");
        within = {};
        add_link(chapter_item, *heading, heading->id.empty() ? chapter_id(++chapter) : heading->id);
      } else if (chapter_item) {
        if (!within) within = add_element(chapter_item, "ul");
        add_link(add_element(within, "li"), *heading, heading->id);
      }
    }
    return true;
  }

  static void add_link(pugi::xml_node parent, const Heading& heading, const std::string& id) {
    pugi::xml_node link = add_element(parent, "a");
    set_attribute(link, "href", "#" + id);
    add_mark(link, heading.mark);
    add_text(link, heading.text);
  }

  void write(pugi::xml_node parent, const std::vector<Block>& blocks) {
    for (const Block& block : blocks) std::visit([&](const auto& content) { write(parent, content); }, block.content);
  }

  void write(pugi::xml_node parent, const Heading& heading) {
    const char* name = heading.level == 1 ? "h1" : heading.level == 2 ? "h2" : "h3";
    pugi::xml_node element = add_element(parent, name);
    if (!heading.id.empty())
      set_attribute(element, "id", heading.id);
    else if (heading.level == 2 && depth_ == 0)
      set_attribute(element, "id", chapter_id(++chapters_));
    if (heading.mark > 0) set_attribute(element, "class", "marked");
    add_mark(element, heading.mark);
    add_text(element, heading.text);
  }

  void write(pugi::xml_node parent, const Paragraph& paragraph) { add_element(parent, "p", paragraph.text); }

  void write(pugi::xml_node parent, const Note& note) {
    set_attribute(add_element(parent, "p", note.text), "class", "note");
  }

  void write(pugi::xml_node parent, const Facts& facts) {
    pugi::xml_node list = add_element(parent, "dl");
    for (const Facts::Fact& fact : facts.facts) {
      if (!fact.label.empty()) add_element(list, "dt", fact.label);
      add_element(list, "dd", fact.text);
    }
  }

  void write(pugi::xml_node parent, const Table& table) {
    pugi::xml_node element = add_table(parent, table.caption, table.columns.size() >= wide_columns ? "wide" : "");
    write_header(element, table.columns);
    const LongestBars longest(table);
    pugi::xml_node body;
    auto group = table.groups.begin();
    for (std::size_t r = 0; r < table.rows.size() || !body; ++r) {
      const bool begins = group != table.groups.end() && group->first_row <= r;
      if (!body || begins) body = add_element(element, "tbody");
      if (begins) write_group(body, *group++, table.columns.size());
      if (r >= table.rows.size()) break;
      pugi::xml_node line = add_element(body, "tr");
      for (std::size_t c = 0; c < table.rows[r].size(); ++c)
        write_cell(line, table.columns[c], table.rows[r][c], c == 0, longest);
    }
    write_source(parent, table.source);
  }

  static void write_group(pugi::xml_node body, const Table::Group& group, std::size_t columns) {
    pugi::xml_node line = add_element(body, "tr");
    set_attribute(line, "class", "group");
    pugi::xml_node heading = add_element(line, "th", group.heading);
    set_attribute(heading, "scope", "rowgroup");
    set_attribute(heading, "colspan", std::to_string(columns));
  }

  static void write_source(pugi::xml_node parent, const std::string& source) {
    if (!source.empty()) set_attribute(add_element(parent, "p", "Figures: " + source), "class", "source");
  }

  // Scrolls by itself where it is too wide, also by keyboard, and is then told by its caption.
  pugi::xml_node add_table(pugi::xml_node parent, const std::string& caption, const std::string& css_class) {
    pugi::xml_node scroll = add_element(parent, "div");
    set_attribute(scroll, "class", "scroll");
    set_attribute(scroll, "tabindex", "0");
    set_attribute(scroll, "role", "group");
    pugi::xml_node table = add_element(scroll, "table");
    if (!css_class.empty()) set_attribute(table, "class", css_class);
    const std::string id = "table-" + std::to_string(++tables_);
    if (caption.empty())
      set_attribute(scroll, "aria-label", "Table " + std::to_string(tables_));
    else
      set_attribute(scroll, "aria-labelledby", id);
    if (!caption.empty()) set_attribute(add_element(table, "caption", caption), "id", id);
    return table;
  }

  static void write_header(pugi::xml_node table, const std::vector<Column>& columns) {
    pugi::xml_node line = add_element(add_element(table, "thead"), "tr");
    for (const Column& column : columns) {
      const bool is_empty = column.heading.empty() && column.mark == 0;  // no heading
      pugi::xml_node heading = add_element(line, is_empty ? "td" : "th");
      add_mark(heading, column.mark);
      add_text(heading, column.heading);
      if (!is_empty) set_attribute(heading, "scope", "col");
      if (&column != columns.data() && is_number(column) && !has_bar(column)) set_attribute(heading, "class", "n");
    }
  }

  static void write_cell(pugi::xml_node line, const Column& column, const Cell& cell, bool is_first,
                         const LongestBars& longest) {
    const std::string text = shown(column, cell.value);
    pugi::xml_node element = add_element(line, is_first ? "th" : "td");
    if (is_first) set_attribute(element, "scope", "row");
    std::string css_class = has_bar(column) ? "bar" : is_number(column) && !is_first ? "n" : "";
    if (!is_number(column)) css_class = is_first ? "text" : text.size() > long_text ? "prose" : "";
    const std::string shade = shade_class(cell.shade);
    if (!shade.empty()) css_class += (css_class.empty() ? "" : " ") + shade;
    if (!css_class.empty()) set_attribute(element, "class", css_class);
    add_mark(element, cell.mark);
    if (!has_bar(column)) return add_text(element, text);
    set_attribute(add_element(element, "span", text), "class", "figure");
    const double value = number_of(cell.value);
    if (column.format == Format::bar) return add_bar(element, 0.0, value / longest.share);
    const bool is_there = std::holds_alternative<double>(cell.value) && std::isfinite(value);
    const double middle_to = is_there ? doublings(value) / longest.doublings / 2 : 0.0;
    add_bar(element, 0.5 + std::min(middle_to, 0.0), 0.5 + std::max(middle_to, 0.0));
    element.last_child().attribute("class").set_value("track middle");
  }

  void write(pugi::xml_node parent, const Lights& lights) { add_lights(parent, lights); }
  void write(pugi::xml_node parent, const Cards& cards) { add_cards(parent, cards); }

  void write(pugi::xml_node parent, const Bars& bars) {
    pugi::xml_node table = add_table(parent, bars.title, "bars");
    std::vector<Column> columns = {{""}, {""}, bars.of};
    if (!bars.notes.empty()) columns.push_back({bars.notes});
    write_header(table, columns);
    const BarScale scale(bars);
    const double origin = scale.place(bars.origin);
    pugi::xml_node body = add_element(table, "tbody");
    for (const Bars::Bar& bar : bars.bars) {
      pugi::xml_node line = add_element(body, "tr");
      set_attribute(add_element(line, "th", bar.label), "scope", "row");
      pugi::xml_node cell = add_element(line, "td");
      const double end = scale.place(bar.value);
      add_bar(cell, std::min(origin, end), std::max(origin, end));
      if (origin > 0) add_origin(cell.last_child(), origin);
      set_attribute(add_element(line, "td", shown(bars.of, bar.value)), "class", "n");
      if (!bars.notes.empty()) set_attribute(add_element(line, "td", bar.note), "class", "more");
    }
    write_source(parent, bars.source);
  }

  // A line where bars to both sides begin.
  static void add_origin(pugi::xml_node track, double at) {
    pugi::xml_node line = add_element(track, "span");
    set_attribute(line, "class", "origin");
    set_attribute(line, "style", "left:" + percent(at));
  }

  // A number that says what it is where there is no room for the heading.
  static void write_labelled(pugi::xml_node line, const std::string& label, const std::string& text) {
    pugi::xml_node cell = add_element(line, "td", text);
    set_attribute(cell, "class", "n");
    set_attribute(cell, "data-label", label);
  }

  void write(pugi::xml_node parent, const Strips& strips) {
    pugi::xml_node table = add_table(parent, strips.title, "strips");
    write_header(table, {{""},
                         {""},
                         {strips.own + ": median", Format::number},
                         {strips.all + ": median", Format::number},
                         {"Zeros", Format::number}});
    pugi::xml_node body = add_element(table, "tbody");
    for (const Strips::Strip& strip : strips.strips) {
      pugi::xml_node line = add_element(body, "tr");
      pugi::xml_node heading = add_element(line, "th");
      set_attribute(heading, "scope", "row");
      add_mark(heading, strip.mark);
      add_text(heading, strip.label);
      pugi::xml_node cell = add_element(line, "td");
      add_strip(cell, strip);
      pugi::xml_node ends = add_element(cell, "span");
      set_attribute(ends, "class", "ends");
      for (const std::string& end : {strip.low_text, strip.high_text}) add_element(ends, "span", end);
      write_labelled(line, "Median", strip.own_median);
      write_labelled(line, strips.all, strip.all_median);
      write_labelled(line, "Zeros", strip.zero_share);
    }
    write_source(parent, strips.source);
  }

  void write(pugi::xml_node parent, const Picture& picture) {
    pugi::xml_node figure = add_element(parent, "figure");
    pugi::xml_node drawing =
        add_svg(figure, picture.drawing, picture.title, picture.description, "picture-" + std::to_string(++pictures_));
    drawing.remove_attribute("xmlns");  // HTML knows what an svg is
    add_element(figure, "figcaption", picture.title + (picture.source.empty() ? "" : ". Figures: " + picture.source));
  }

  void write(pugi::xml_node parent, const Details& details) {
    pugi::xml_node element = add_element(parent, "details");
    add_element(element, "summary", details.summary);
    ++depth_;
    write(element, details.blocks);
    --depth_;
  }

  pugi::xml_document page_;
  int depth_ = 0;  // of details within details
  int chapters_ = 0;
  int tables_ = 0;
  int pictures_ = 0;
};

}  // namespace

std::string html(const Document& document) { return HtmlWriter(document).text(); }

}  // namespace cardseg::report
