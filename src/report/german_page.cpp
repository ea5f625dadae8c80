#include "report/german_page.hpp"

#include <array>
#include <regex>
#include <string_view>
#include <unordered_map>

#include "cardseg/report/language.hpp"

namespace cardseg::report {
namespace {

// Texts that stand as they are.
const std::unordered_map<std::string_view, const char*>& fixed_texts() {
  static const std::unordered_map<std::string_view, const char*> texts = {
      // chapters
      {"The segments", "Die Segmente"},
      {"Size", "Größe"},
      {"Size against value", "Größe und Wert"},
      {"What tells segments apart", "Was die Segmente unterscheidet"},
      {"The same columns in every segment", "Dieselben Spalten in jedem Segment"},
      {"Each segment", "Jedes Segment"},
      {"Map", "Karte"},
      {"Can it be trusted?", "Ist es belastbar?"},
      {"Against what is known", "Verglichen mit Bekanntem"},
      {"Fairness", "Fairness"},
      {"Data quality", "Datenqualität"},
      {"What was not found", "Was nicht gefunden wurde"},
      {"How it was made", "Wie es entstand"},
      {"Glossary", "Glossar"},
      {"Configuration", "Einstellungen"},
      {"The figures of this picture", "Die Zahlen dieses Bildes"},
      // verdicts
      {"How far it can be trusted", "Wie belastbar es ist"},
      {"Separation", "Trennung"},
      {"solid", "tragfähig"},
      {"usable", "brauchbar"},
      {"weak", "schwach"},
      {"large enough", "groß genug"},
      {"large", "sehr groß"},
      {"small", "klein"},
      {"too small", "zu klein"},
      {"uneven", "ungleich"},
      {"some too small", "einige zu klein"},
      {"clear", "klar"},
      {"overlapping", "überlappend"},
      {"blurred", "verschwommen"},
      {"not shown", "nicht gezeigt"},
      {"too few customers to tell", "zu wenige Kunden für eine Aussage"},
      {"there is no other segment", "es gibt kein anderes Segment"},
      // tables
      {"Segment", "Segment"},
      {"Verdict", "Urteil"},
      {"Silhouette", "Silhouette"},
      {"Near a border", "Nahe einer Grenze"},
      {"RMS distance", "RMS-Abstand"},
      {"Next segment", "Nächstes Segment"},
      {"Customers", "Kunden"},
      {"Share of customers", "Anteil der Kunden"},
      {"Share of it", "Anteil daran"},
      {"Per customer", "Je Kunde"},
      {"Column", "Spalte"},
      {"All customers", "Alle Kunden"},
      {"All", "Alle"},
      {"Mean", "Mittelwert"},
      {"All: mean", "Alle: Mittelwert"},
      {"Median", "Median"},
      {"Zeros", "Nullen"},
      {"Missing", "Fehlend"},
      {"Effect", "Effekt"},
      {"Level", "Stufe"},
      {"Ratio", "Verhältnis"},
      {"Distance", "Abstand"},
      {"Mean or share", "Mittelwert oder Anteil"},
      {"Feature", "Merkmal"},
      {"Across", "Quer"},
      {"Up", "Hoch"},
      {"Part", "Rolle"},
      {"Kind", "Art"},
      {"Filled in by", "Ersetzt durch"},
      {"Weight", "Gewicht"},
      {"Share of the variance", "Anteil an der Varianz"},
      {"Option", "Option"},
      {"Value", "Wert"},
      {"Share", "Anteil"},
      {"shapes segments", "formt die Segmente"},
      {"shapes segments, value", "formt die Segmente, Wert"},
      {"describes only", "beschreibt nur"},
      {"names customers", "benennt die Kunden"},
      {"value", "Wert"},
      {"weight", "Gewicht"},
      {"left out", "ausgelassen"},
      {"number", "Zahl"},
      {"category", "Kategorie"},
      {"ordinal", "Rang"},
      {"flag", "ja/nein"},
      {"date", "Datum"},
      {"Demographic", "Demographisch"},
      {"Psychographic", "Psychographisch"},
      {"Behavioural", "Verhalten"},
      {"Geographic", "Geographisch"},
      {"Further columns", "Weitere Spalten"},
      {"Not in the distance: described only", "Nicht im Abstand: beschreibt nur"},
      {"Customers and value of each segment", "Kunden und Wert jedes Segments"},
      {"How far segments lie from one another", "Wie weit die Segmente auseinander liegen"},
      {"How far each segment lies from the portfolio, in standard deviations of all customers. Orange: above; "
       "blue: below; the stronger, the further",
       "Wie weit jedes Segment vom Portfolio entfernt liegt, in Standardabweichungen aller Kunden. Orange: darüber; "
       "blau: darunter; je kräftiger, desto weiter"},
      {"The mean of each segment as a multiple of the mean of all customers. Bars to the right: more; to the "
       "left: less, on a scale of logarithms",
       "Der Mittelwert jedes Segments als Vielfaches des Mittelwerts aller Kunden. Balken nach rechts: mehr; nach "
       "links: "
       "weniger, auf logarithmischer Skala"},
      {"Times the mean, or the share, of all customers", "Vielfaches des Mittelwerts oder Anteils aller Kunden"},
      {"Distance from the mean of all customers, in standard deviations",
       "Abstand vom Mittelwert aller Kunden, in Standardabweichungen"},
      {"Where its customers lie: thin line 5 to 95 %, thick line 25 to 75 %, mark the median, dot zeros. Grey: "
       "the same of all customers",
       "Wo seine Kunden liegen: dünne Linie 5 bis 95 %, dicke Linie 25 bis 75 %, Strich der Median, Punkt die Nullen. "
       "Grau: dasselbe für alle Kunden"},
      {"Shares by level, the most different first", "Anteile je Stufe, die auffälligsten zuerst"},
      {"Centres of segments on the map", "Mitten der Segmente auf der Karte"},
      {"What the axes are made of: the features with the largest weights",
       "Woraus die Achsen bestehen: die Merkmale mit den größten Gewichten"},
      {"What each column is, what it lacks and what it brings",
       "Was jede Spalte ist, was ihr fehlt und was sie beiträgt"},
      {"Options that shaped the model", "Optionen, die das Modell geformt haben"},
      {"Shares or means by segment and, in brackets, as a multiple of the portfolio's (disparity ratio)",
       "Anteile oder Mittelwerte je Segment und, in Klammern, als Vielfaches des Portfolios (Disparität)"},
      // texts
      {"In no column does it differ from the portfolio so much that anybody would notice.",
       "In keiner Spalte weicht es so weit vom Portfolio ab, dass es auffiele."},
      {"There are too few customers to draw a map without showing single ones.",
       "Es sind zu wenige Kunden für eine Karte, die keine einzelnen zeigt."},
      {"Differences do not grow with the number of customers: 0.2 is small, 0.5 is to be seen, 0.8 is large (Cohen "
       "1988). Separation is the share of a column's variance that lies between segments.",
       "Unterschiede wachsen nicht mit der Zahl der Kunden: 0,2 ist klein, 0,5 ist zu sehen, 0,8 ist groß (Cohen "
       "1988). "
       "Trennung ist der Anteil der Varianz einer Spalte, der zwischen den Segmenten liegt."},
      {"No column that shaped the segments lacks a value.",
       "Keiner Spalte, die die Segmente geformt hat, fehlt ein Wert."},
      {"The mean squared distance between two customers is twice the total variance. A column with a large share of it "
       "shapes the segments most.",
       "Der mittlere quadrierte Abstand zweier Kunden ist das Doppelte der gesamten Varianz. Eine Spalte mit großem "
       "Anteil daran formt die Segmente am meisten."},
      {"No column says what customers are worth: value = COLUMN in the description would.",
       "Keine Spalte sagt, was Kunden wert sind: value = SPALTE in der Beschreibung würde es."},
      {"No column says what customers are worth.", "Keine Spalte sagt, was Kunden wert sind."},
      {"These columns did not shape the segments. Where they differ between segments all the same, other columns stand "
       "in for them: whoever treats segments differently treats these groups differently.",
       "Diese Spalten haben die Segmente nicht geformt. Wo sie sich trotzdem zwischen Segmenten unterscheiden, stehen "
       "andere Spalten für sie: Wer Segmente verschieden behandelt, behandelt diese Gruppen verschieden."},
      {"Not tested here: whether the same segments come out of other customers or another month, whether they are more "
       "than chance would give, and whether another number of segments fits better. Segments say what customers did, "
       "not "
       "why, and not what they will do.",
       "Hier nicht geprüft: ob dieselben Segmente aus anderen Kunden oder einem anderen Monat entstehen, ob sie mehr "
       "sind "
       "als Zufall, und ob eine andere Zahl von Segmenten besser passt. Segmente sagen, was Kunden getan haben, nicht "
       "warum, und nicht, was sie tun werden."},
      {"The same customers in the same order give the same page, byte by byte, on any machine and in any number of "
       "files: manifest.json names the files that were read, with their SHA-256. The page holds aggregates only, no "
       "customer's values.",
       "Dieselben Kunden in derselben Reihenfolge geben dieselbe Seite, Byte für Byte, auf jeder Maschine und in "
       "beliebig "
       "vielen Dateien: manifest.json nennt die gelesenen Dateien mit ihrem SHA-256. Die Seite enthält nur "
       "Zusammenfassungen, keine Werte einzelner Kunden."},
      // how it was made
      {"Method", "Verfahren"},
      {"k-means: every customer belongs to the nearest centre, every centre is the mean of its customers",
       "k-means: Jeder Kunde gehört zur nächsten Mitte, jede Mitte ist der Mittelwert ihrer Kunden"},
      {"Inertia", "Trägheit"},
      {"Restarts", "Neustarts"},
      {"Iterations", "Durchgänge"},
      {"Seed", "Startzahl"},
      {"Model", "Modell"},
      {"Program", "Programm"},
      // glossary
      {"A group of customers who are alike in the columns that shaped it. Every customer is in one.",
       "Eine Gruppe von Kunden, die sich in den Spalten ähneln, die sie geformt haben. Jeder Kunde ist in einer."},
      {"Driver", "Treiber"},
      {"A column in which a segment differs from the portfolio, the largest standardised difference first.",
       "Eine Spalte, in der ein Segment vom Portfolio abweicht, der größte standardisierte Unterschied zuerst."},
      {"Standardised difference", "Standardisierter Unterschied"},
      {"The segment's mean minus the portfolio's, by the standard deviation of all customers. It is an effect size: it "
       "does not grow with the number of customers.",
       "Der Mittelwert des Segments minus den des Portfolios, geteilt durch die Standardabweichung aller Kunden. Eine "
       "Effektstärke: Sie wächst nicht mit der Zahl der Kunden."},
      {"Index, 4.1 x", "Index, 4,1-mal"},
      {"The segment's mean, or share, as a multiple of the portfolio's. An index of 410 is 4.1 x.",
       "Mittelwert oder Anteil des Segments als Vielfaches des Portfolios. Ein Index von 410 ist 4,1-mal."},
      {"Half of the customers lie below it, half above.", "Die Hälfte der Kunden liegt darunter, die Hälfte darüber."},
      {"5 to 95 %", "5 bis 95 %"},
      {"Nine of ten customers lie between these two values.",
       "Neun von zehn Kunden liegen zwischen diesen beiden Werten."},
      {"How much nearer customers are to the others of their own segment than to those of the next one, on average: 1 "
       "far apart, 0 on the border, below 0 nearer to the next one.",
       "Wie viel näher Kunden den anderen ihres Segments sind als denen des nächsten, im Mittel: 1 weit auseinander, 0 "
       "auf der Grenze, unter 0 näher am nächsten."},
      {"The share of a column's variance that lies between segments: 0 they are the same in it, 100 % it tells them "
       "apart without overlap.",
       "Der Anteil der Varianz einer Spalte, der zwischen den Segmenten liegt: 0 sie gleichen sich darin, 100 % sie "
       "trennt sie ohne Überlappung."},
      {"The root mean square distance of a segment's customers to its centre, on the scale that segments were made on: "
       "the smaller, the more alike they are.",
       "Der quadratisch gemittelte Abstand der Kunden eines Segments von seiner Mitte, auf der Skala, auf der Segmente "
       "gebildet wurden: je kleiner, desto ähnlicher sind sie."},
      {"The sum of squared distances of all customers to their centres: what the method makes small.",
       "Die Summe der quadrierten Abstände aller Kunden von ihren Mitten: was das Verfahren klein macht."},
      {"Disparity ratio", "Disparität"},
      {"The share of a group in a segment, as a multiple of its share in the portfolio.",
       "Der Anteil einer Gruppe in einem Segment als Vielfaches ihres Anteils im Portfolio."},
      {"Cramer's V", "Cramérs V"},
      {"How strongly two ways to divide customers are related: 0 not at all, 1 they are the same.",
       "Wie eng zwei Einteilungen der Kunden zusammenhängen: 0 gar nicht, 1 sie sind dieselbe."},
      {"Withheld: the figure would say too much of single customers, or let another such figure be computed.",
       "Zurückgehalten: Die Zahl sagte zu viel über einzelne Kunden oder ließe eine andere solche Zahl errechnen."}};
  return texts;
}

// Texts of verdicts around figures: "$1" and so on are the figures.
struct Pattern {
  std::regex english;
  const char* german;
};

const auto& patterns() {
  static const std::array patterns = {
      Pattern{std::regex("\\bsilhouette (-?[\\d.]+)"), "Silhouette $1"},
      Pattern{std::regex("([\\d.<> ]+ %) of (?:its|the) customers (?:are )?near a border"),
              "$1 der Kunden nahe einer Grenze"},
      Pattern{std::regex("It borders on segment (\\d+)"), "Es grenzt an Segment $1"},
      Pattern{std::regex("^([\\d,]+) customers?, ([\\d.<> ]+ %) of all"), "$1 Kunden, $2 von allen"},
      Pattern{std::regex("^([\\d,]+) customers; "), "$1 Kunden; "},
      Pattern{std::regex("too few customers to tell"), "zu wenige Kunden für eine Aussage"},
      Pattern{std::regex("[Ff]ewer than (\\d+) customers"), "weniger als $1 Kunden"},
      Pattern{std::regex("^The largest segment has (.*) of the customers, the smallest (.*) of the customers\\."),
              "Das größte Segment hat $1 der Kunden, das kleinste $2."},
      Pattern{std::regex(", of a random sample of ([\\d,]+) customers:"), ", von einer Stichprobe von $1 Kunden:"},
      Pattern{std::regex(": from ([\\d.]+) segments lie apart, below ([\\d.]+) they run into each other\\."),
              ": Ab $1 liegen Segmente auseinander, unter $2 gehen sie ineinander über."},
      Pattern{std::regex("^The silhouette of all ([\\d,]+) customers is (-?[\\d.]+)\\."),
              "Die Silhouette aller $1 Kunden ist $2."},
      Pattern{
          std::regex("^Every customer of the portfolio is in one segment\\. Segments were made of ([\\d,]+) columns?"),
          "Jeder Kunde des Portfolios ist in einem Segment. Segmente wurden aus $1 Spalten gebildet"},
      Pattern{std::regex("; (.*) describes? them without shaping them\\. Model (\\w+)"),
              "; $1 beschreiben sie, ohne sie zu formen. Modell $2"},
      Pattern{std::regex("^Beware: "), "Achtung: "},
      Pattern{std::regex("^Segment (\\d+): median"), "Segment $1: Median"},
      Pattern{std::regex("^All: median"), "Alle: Median"},
      Pattern{std::regex("^All figures of segment (\\d+)"), "Alle Zahlen von Segment $1"},
      Pattern{std::regex("^Every column of numbers in segment (\\d+), missing values left out"),
              "Jede Spalte von Zahlen in Segment $1, ohne fehlende Werte"},
      Pattern{std::regex("^Customers of each (.*): their shares by segment"),
              "Kunden je $1: ihre Anteile nach Segment"},
      Pattern{std::regex("^Customers by (.*) and segment"), "Kunden nach $1 und Segment"},
      Pattern{std::regex("^(\\d+) segments? of ([\\d,]+) customers?"), "$1 Segmente von $2 Kunden"},
      Pattern{std::regex("(\\d+) (?:is|are) solid"), "$1 tragfähig"},
      Pattern{std::regex("(\\d+) (?:is|are) usable"), "$1 brauchbar"},
      Pattern{std::regex("(\\d+) (?:is|are) weak"), "$1 schwach"}};
  return patterns;
}

// The German text with German numbers; what no pattern knows stays.
std::string translated(const std::string& text) {
  if (const auto found = fixed_texts().find(text); found != fixed_texts().end()) return found->second;
  std::string german = text;
  bool is_known = false;
  for (const Pattern& pattern : patterns()) {
    if (!std::regex_search(german, pattern.english)) continue;
    german = std::regex_replace(german, pattern.english, pattern.german);
    is_known = true;
  }
  if (!is_known) return text;
  static const std::regex number("\\d[\\d,.]*\\d");
  std::string with_numbers;
  std::string rest = german;
  for (std::smatch match; std::regex_search(rest, match, number); rest = match.suffix())
    with_numbers += match.prefix().str() + in_language(match.str(), Language::de);
  return with_numbers + rest;
}

void translate(std::string& text) { text = translated(text); }

void translate(Value& value) {
  if (auto* text = std::get_if<std::string>(&value)) translate(*text);
}

class Translation {
 public:
  void operator()(Heading& heading) const {
    if (heading.level < 3 || heading.text == "The same columns in every segment") translate(heading.text);
  }
  void operator()(Paragraph& paragraph) const { translate(paragraph.text); }
  void operator()(Note& note) const { translate(note.text); }
  void operator()(Facts& facts) const {
    for (Facts::Fact& fact : facts.facts) {
      translate(fact.label);
      translate(fact.text);
    }
  }
  void operator()(Table& table) const {
    translate(table.caption);
    for (Column& column : table.columns) translate(column.heading);
    for (Table::Group& group : table.groups) translate(group.heading);
    for (std::vector<Cell>& row : table.rows)
      for (std::size_t c = 1; c < row.size(); ++c) translate(row[c].value);  // the first one is a name
  }
  void operator()(Lights& lights) const {
    translate(lights.title);
    for (Lights::Item& item : lights.items) {
      translate(item.verdict.word);
      translate(item.label);
      translate(item.reason);
    }
  }
  void operator()(Cards& cards) const {
    translate(cards.title);
    for (Cards::Card& card : cards.cards) {
      for (Cards::Meter& meter : card.meters) {
        translate(meter.label);
        meter.text = in_language(meter.text, Language::de);
      }
      if (card.verdict) translate(card.verdict->word);
      translate(card.reason);
    }
  }
  void operator()(Bars& bars) const {
    translate(bars.title);
    translate(bars.of.heading);
    translate(bars.notes);
  }
  void operator()(Strips& strips) const {
    translate(strips.title);
    translate(strips.all);
  }
  void operator()(Picture&) const {}
  void operator()(Details& details) const {
    translate(details.summary);
    for (Block& block : details.blocks) std::visit(*this, block.content);
  }
};

}  // namespace

Document in_german(Document page) {
  page.language = "de";
  translate(page.title);
  for (Block& block : page.blocks) std::visit(Translation(), block.content);
  return page;
}

}  // namespace cardseg::report
