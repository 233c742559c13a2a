/** How a shipment's life goes at BRT, as its public pages and services have shown lives to go. */
export const BRT_SCENARIOS = [
  'delivered',
  /** The depot reads it the day after, and only then it has a number. */
  'late-id',
  /** Refused, sent back, with a word for it; ends with the event of a delivery. */
  'returned',
  /** Refused and held, the instruction is `RIENTRO`, and no event says that it went back. */
  'held-and-sent-back',
  /** Held, and delivered after all: the giacenza stays in the data. */
  'held-and-delivered',
  /** Doubled lines, a late scan above the delivery, and hours against the order of the list. */
  'disordered',
  'missing-hours',
  /** With an event that stands in no legend. */
  'unknown-event',
  /** There is a label, and the goods never left. */
  'never-handed-over',
  /** BRT does not even say that it has the data. */
  'never-found',
] as const;
export type BrtScenario = (typeof BRT_SCENARIOS)[number];

/** One line of the list. Hours are counted from the creation. */
export interface Step {
  readonly id: string;
  readonly description: string;
  /** When it happened, as the line says. */
  readonly atHours: number;
  /** When the line appears, where that is not when it happened. */
  readonly shownAtHours?: number;
  readonly timeless?: boolean;
  readonly depot: 'departure' | 'arrival';
}

export interface Story {
  /** Oldest first: the list's order turned around. */
  readonly steps: readonly Step[];
  /** When the depot takes the goods over and the shipment gets its number. */
  readonly takenOverAtHours: number | undefined;
  readonly notes: readonly { readonly text: string; readonly atHours: number }[];
  readonly ends: { readonly as: 'delivered' | 'returned'; readonly atHours: number } | undefined;
}

const step = (id: string, description: string, atHours: number, more: Partial<Step> = {}): Step => ({
  id,
  description,
  atHours,
  depot: 'departure',
  ...more,
});
const there = { depot: 'arrival' } as const;

const transmitted = (atHours: number, more: Partial<Step> = {}) =>
  step('700', 'DATI SPEDIZ. TRASMESSI A BRT', atHours, more);
const toTheDoor = (takenOverAtHours: number): Step[] => [
  transmitted(0.5),
  step('701', 'RITIRATA', takenOverAtHours),
  step('702', 'PARTITA', takenOverAtHours + 3),
  step('703', 'ARRIVATA IN FILIALE', takenOverAtHours + 12, there),
  step('MIC', 'IN CONSEGNA', takenOverAtHours + 14, { ...there, timeless: true }),
];
const delivered = (atHours: number, more: Partial<Step> = there) => step('704', 'CONSEGNATA', atHours, more);
const refusedAndHeld = [
  ...toTheDoor(2),
  step('001', 'RIFIUTA SENZA MOTIVAZIONE', 20, there),
  step('G', 'IN GIACENZA', 24, there),
];

const story = (
  steps: readonly Step[],
  takenOverAtHours: number | undefined,
  ends: Story['ends'],
  notes: Story['notes'] = [],
): Story => ({ steps, takenOverAtHours, ends, notes });
const deliveredAt = (atHours: number) => ({ as: 'delivered', atHours }) as const;
const returnedAt = (atHours: number) => ({ as: 'returned', atHours }) as const;

export const STORIES: Readonly<Record<BrtScenario, Story>> = {
  delivered: story([...toTheDoor(2), delivered(20)], 2, deliveredAt(20)),
  'late-id': story([...toTheDoor(26), delivered(44)], 26, deliveredAt(44)),
  returned: story(
    [...refusedAndHeld, step('708', 'RESO AL MITTENTE', 48, there), delivered(72, {})],
    2,
    returnedAt(48),
  ),
  'held-and-sent-back': story([...refusedAndHeld, delivered(72, {})], 2, returnedAt(40), [
    { text: 'Giacenza evasa. Disposizioni: RIENTRO', atHours: 40 },
  ]),
  'held-and-delivered': story(
    [
      ...toTheDoor(2),
      step('AVV', 'Destin.Assente:LASCIATO AVVISO', 20, there),
      step('G', 'IN GIACENZA', 24, there),
      step('MIC', 'IN CONSEGNA', 40, { ...there, timeless: true }),
      delivered(44),
    ],
    2,
    deliveredAt(44),
    [{ text: 'Giacenza evasa. Disposizioni: RICONSEGNA', atHours: 36 }],
  ),
  disordered: story(
    [
      transmitted(2.5, { shownAtHours: 2 }),
      step('701', 'RITIRATA', 2),
      step('703', 'ARRIVATA IN FILIALE', 14, there),
      step('703', 'ARRIVATA IN FILIALE', 14, there),
      step('702', 'PARTITA', 5, { shownAtHours: 15 }),
      step('MIC', 'IN CONSEGNA', 16, there),
      delivered(20),
      delivered(20),
      step('703', 'ARRIVATA IN FILIALE', 13, { ...there, shownAtHours: 22 }),
    ],
    2,
    deliveredAt(20),
  ),
  'missing-hours': story(
    [
      ...toTheDoor(2).map((each) => ({ ...each, timeless: true })),
      delivered(20, { ...there, timeless: true }),
    ],
    2,
    deliveredAt(20),
  ),
  'unknown-event': story(
    [...toTheDoor(2), step('X99', 'EVENTO DIMOSTRATIVO', 17, there), delivered(20)],
    2,
    deliveredAt(20),
  ),
  'never-handed-over': story([transmitted(0.5)], undefined, undefined),
  'never-found': story([], undefined, undefined),
};
