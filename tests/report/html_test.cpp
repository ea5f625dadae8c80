#include "cardseg/report/html.hpp"

#include <gmock/gmock.h>

#include <pugixml.hpp>
#include <regex>
#include <set>

#include "cardseg/report/picture.hpp"
#include "report/document_samples.hpp"

namespace cardseg::report {
namespace {

using testing::HasSubstr;
using testing::Not;

// Every kind of block, with a title and names that are `text`.
Document document_of(const std::string& text) {
  Document document{text, "en", {}};
  document.add(Heading{1, text});
  for (int chapter = 0; chapter < 3; ++chapter) document.add(Heading{2, text});
  document.add(Paragraph{text});
  document.add(Note{text});
  document.add(Facts{{{text, text}, {"", text}}});
  document.add(sample_table());
  document.add(Table{text, {{text}, {""}}, {{text, text}}});
  document.add(Table{"", {{"none"}}, {}});
  document.add(Bars{text, {text, Format::number}, {{text, 2.0}, {"b", -1.0}, {"c", std::nan("")}}, 0.5});
  Svg drawing{100, 50, ".sample{fill:none}", {}};
  drawing.shapes = {svg_line("sample", {0, 0}, {1.25, -0.01}), svg_text("sample", {0, 1}, "end", text)};
  document.add(Picture{text, text, drawing});
  document.add(Details{text, {{Heading{3, text}}, {sample_table()}}});
  return document;
}

std::string html_of(auto block) {
  Document document;
  document.add(block);
  return html(document);
}

// What a parser of XML that changes nothing reads.
pugi::xml_parse_result parse(pugi::xml_document& page, const std::string& text) {
  return page.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_doctype, pugi::encoding_utf8);
}

std::set<std::string> names_of(const pugi::xml_node& node) {
  std::set<std::string> names = {node.name()};
  for (const pugi::xml_node child : node.children()) names.merge(names_of(child));
  return names;
}

}  // namespace

TEST(Html, IsWellFormedAndHasTheElementsOfADocument) {
  pugi::xml_document page;

  ASSERT_TRUE(parse(page, html(document_of("text"))));

  EXPECT_STREQ(page.child("html").attribute("lang").value(), "en");
  const std::set<std::string> names = names_of(page);
  for (const char* name : {"title", "main", "nav", "h1", "h2", "h3", "p", "dl", "table", "caption", "figure", "svg",
                           "desc", "details", "summary"})
    EXPECT_TRUE(names.contains(name)) << name;
  EXPECT_FALSE(names.contains("script"));
}

TEST(Html, RendersATable) {
  EXPECT_THAT(html_of(sample_table()), HasSubstr(R"(<caption id="table-1">Sizes</caption>
<thead>
<tr>
<th scope="col">segment</th>
<th scope="col" class="n">customers</th>
<th scope="col" class="n">mean</th>
<th scope="col" class="n">index</th>
<th scope="col">share</th>
</tr>
</thead>
<tbody>
<tr>
<th scope="row" class="text">first</th>
<td class="n">12,345</td>
<td class="n above2">0.333</td>
<td class="n">0.00</td>
<td class="bar">
<span class="figure">75 %</span>
<span class="track" aria-hidden="true">
<span style="width:100%"></span>
</span>
</td>
</tr>
<tr>
<th scope="row" class="text">second</th>
<td class="n">7</td>
<td class="n">-</td>
)"));
}

TEST(Html, ClosesOnlyVoidElementsThemselves) {
  const std::string text = std::regex_replace(html(document_of("")), std::regex("<svg[^]*?</svg>"), "");

  std::smatch found;
  const std::regex self_closed("<([a-z0-9]+)[^<>]*/>");
  for (auto at = std::sregex_iterator(text.begin(), text.end(), self_closed); at != std::sregex_iterator(); ++at)
    EXPECT_EQ((*at)[1].str(), "meta");
}

TEST(Html, HasNoMarkupInItsStyle) {
  const std::string text = html(document_of("text"));
  const std::size_t begin = text.find("<style>") + 7;

  const std::string style = text.substr(begin, text.find("</style>") - begin);

  EXPECT_GT(style.size(), 1000U);
  EXPECT_EQ(style.find_first_of("<>&"), std::string::npos);
}

TEST(Html, NeedsNothingFromOutside) {
  const std::string text = html(document_of("text"));

  for (const char* part : {"http", "<script", "<link", "@import", "url("}) EXPECT_THAT(text, Not(HasSubstr(part)));
}

TEST(Html, KeepsHostileTextFromBeingMarkup) {
  const std::string text = html(document_of(hostile_name()));

  pugi::xml_document page;
  ASSERT_TRUE(parse(page, text));
  EXPECT_STREQ(page.child("html").child("head").child("title").text().get(), "<script>\"'&?[2J???  ]]>");
  EXPECT_EQ(names_of(page), names_of([&] {
              static pugi::xml_document harmless;
              parse(harmless, html(document_of("text")));
              return harmless.root();
            }()));
  EXPECT_THAT(text, Not(HasSubstr("<script")));
  EXPECT_THAT(text, Not(HasSubstr("&#")));  // no character that XML has no place for
}

TEST(Html, ListsChaptersWhereThereAreThree) {
  const std::string text = html(document_of("text"));

  EXPECT_THAT(text, HasSubstr("<a href=\"#chapter-3\">text</a>"));
  EXPECT_THAT(text, HasSubstr("<h2 id=\"chapter-3\">text</h2>"));
  EXPECT_THAT(html_of(Heading{2, "alone"}), Not(HasSubstr("<nav")));
}

TEST(Html, ListsNoHeadingThatIsFoldedAway) {
  Document document;
  document.add(Details{"More", {{Heading{2, "inner"}}}});
  for (const char* chapter : {"a", "b", "c"}) document.add(Heading{2, chapter});

  const std::string text = html(document);

  EXPECT_THAT(text, HasSubstr("<h2>inner</h2>"));
  EXPECT_THAT(text, HasSubstr("<h2 id=\"chapter-1\">a</h2>"));
}

TEST(Html, LetsWideTablesScrollByThemselves) {
  Table wide{"Wide", {{"feature"}}, {{"a"}}};
  for (int c = 0; c < 200; ++c) {
    wide.columns.push_back({std::to_string(c), Format::count});
    wide.rows[0].emplace_back(c);
  }

  EXPECT_THAT(html_of(wide),
              HasSubstr("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-labelledby=\"table-1\">\n"
                        "<table class=\"wide\">"));
}

TEST(Html, DrawsBarsFromTheirOriginToBothSides) {
  const std::string text = html_of(Bars{"Index", {"index", Format::fixed, 1}, {{"a", 3.0}, {"b", 0.0}}, 1.0});

  EXPECT_THAT(text, HasSubstr("<span style=\"left:33.3%;width:66.7%\"></span>"));
  EXPECT_THAT(text, HasSubstr("<span style=\"width:33.3%\"></span>"));
}

TEST(Svg, IsAFileOfItsOwn) {
  Svg drawing{100, 50, ".a{fill:none}", {}};
  drawing.shapes = {svg_path("polyline", "a", {{0, 1.26}, {-0.01, 3}}), svg_circle("a", {1, 2}, 4)};

  EXPECT_EQ(svg({"Title & more", "What it shows", drawing}),
            R"(<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50" viewBox="0 0 100 50" role="img" )"
            R"(aria-labelledby="picture-title picture-about">
<title id="picture-title">Title &amp; more</title>
<desc id="picture-about">What it shows</desc>
<style>.a{fill:none}</style>
<polyline class="a" points="0,1.3 0,3" />
<circle class="a" cx="1" cy="2" r="4" />
</svg>
)");
}

}  // namespace cardseg::report
