/** Guesses the order of levels that have one, such as small, medium, large: a proposal for a person to confirm. */

/** Scales from the least to the most; words that mean the same stand with a bar between them. */
const scales: readonly (readonly string[])[] = [
  'none|no|absent, very low|minimal|trace, low|minor|slight|small|mild, medium|moderate|mid|average|middle, high|major|large|severe, very high|extreme|huge|critical',
  'xxs, xs|extra small|x-small|tiny, s|small, m|medium|regular, l|large, xl|extra large|x-large|huge, xxl|2xl, xxxl|3xl, 4xl',
  'never, rarely|seldom|almost never, sometimes|occasionally, often|frequently|usually, very often|almost always, always',
  'strongly disagree|completely disagree, disagree, somewhat disagree, neutral|neither agree nor disagree|undecided, somewhat agree, agree, strongly agree|completely agree',
  'very dissatisfied|very unsatisfied, dissatisfied|unsatisfied, neutral, satisfied, very satisfied',
  'terrible|awful, very poor|very bad, poor|bad, fair|acceptable, average|typical|normal|ok, good, very good, premium, excellent|ideal|outstanding',
  'po, fa, ta, gd, ex',
  'beginner|novice|basic, intermediate, advanced, expert|professional',
  'junior, mid|regular, senior, lead, principal',
  'preschool, primary|elementary, secondary|middle school, high school|high.school, some college, associate|assoc, bachelor|bachelors|undergraduate, master|masters|graduate, doctorate|phd',
  'mon|monday, tue|tuesday, wed|wednesday, thu|thursday, fri|friday, sat|saturday, sun|sunday',
  'jan|january, feb|february, mar|march, apr|april, may, jun|june, jul|july, aug|august, sep|sept|september, oct|october, nov|november, dec|december',
  'spring, summer, autumn|fall, winter',
  'freezing, cold, cool, mild, warm, hot',
  'morning, noon|midday, afternoon, evening, night',
  'bronze, silver, gold, platinum, diamond',
  'first, second, third, fourth, fifth, sixth',
  'i, ii, iii, iv, v, vi, vii, viii, ix, x'
].map((scale) => scale.split(', '))

/** Levels that are numbers, ranges of them or bounded by one: `0-9`, `10 to 19`, `<5`, `60+`, `3 years`. */
const ranged =
  /^(<=?|>=?|under|below|less than|up to|over|above|more than|at least)?\s*-?\$?(\d+(?:\.\d+)?)\s*(\+|%|(?:-|–|to|\.\.)\s*\$?\d+(?:\.\d+)?\s*%?)?\s*([a-z.]*)$/i

/** Gives the levels from the least to the most, or null where no order is known of them. */
export function suggestOrder(levels: readonly string[]): string[] | null {
  if (levels.length < 3) return null
  const plain = levels.map((level) => level.trim().toLowerCase().replaceAll('_', ' '))
  for (const scale of scales) {
    const places = plain.map((level) => scale.findIndex((words) => words.split('|').includes(level)))
    if (places.includes(-1) || new Set(places).size < places.length) continue
    return byPlace(levels, places)
  }
  return orderOfRanges(levels, plain)
}

function orderOfRanges(levels: readonly string[], plain: readonly string[]): string[] | null {
  const found = plain.map((level) => ranged.exec(level))
  // Numbers alone are read as numbers; units must not differ.
  const units = new Set(found.map((match) => match?.[4]?.replace(/s$/, '')))
  if (found.some((match) => !match) || units.size > 1 || !found.some((match) => match?.[1] || match?.[3])) return null
  const places = found.map((match) => {
    const below = /^(<|under|below|less|up)/i.test(match?.[1] ?? '')
    const above = /^(>|over|above|more)/i.test(match?.[1] ?? '')
    return Number(match?.[2]) + (below ? -1e-9 : above ? 1e-9 : 0)
  })
  return new Set(places).size === places.length ? byPlace(levels, places) : null
}

function byPlace(levels: readonly string[], places: readonly number[]): string[] {
  return levels
    .map((level, index) => ({ level, place: places[index] ?? 0 }))
    .sort((a, b) => a.place - b.place)
    .map(({ level }) => level)
}
