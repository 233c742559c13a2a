/**
 * Month words of the eight languages, January first: full, as declined inside a date, and abbreviated, without dots.
 * Kept here and not taken from the runtime's locale data, whose abbreviations change between versions.
 */
const MONTHS: readonly string[] = [
  'january jan gennaio gen januar jän jänner janvier janv enero ene januari styczeń stycznia sty',
  'february feb febbraio februar febr feber février févr fév fevr febrero februari luty lutego lut',
  'march mar marzo märz mär mrz mars marzec marca maart mrt',
  'april apr aprile avril avr abril abr kwiecień kwietnia kwi',
  'may maggio mag mai mayo mei maj maja',
  'june jun giugno giu juni juin junio czerwiec czerwca cze',
  'july jul luglio lug juli juillet juil julio lipiec lipca lip',
  'august aug agosto ago août aout augustus augusti sierpień sierpnia sie',
  'september sep sept settembre set septembre septiembre setiembre wrzesień września wrz',
  'october oct ottobre ott oktober okt octobre octubre październik października paź',
  'november nov novembre noviembre listopad listopada lis',
  'december dec dicembre dic dezember dez décembre déc diciembre grudzień grudnia gru',
];

const BY_WORD: ReadonlyMap<string, number> = new Map(
  MONTHS.flatMap((words, index) => words.split(' ').map((word) => [word, index + 1] as const)),
);

/** 1 to 12, or undefined for a word that is no month. @param word lower case, without a final dot */
export function monthOf(word: string): number | undefined {
  return BY_WORD.get(word);
}
