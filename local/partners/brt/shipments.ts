import { DateTime } from 'luxon';
import { type BrtScenario, STORIES, type Step } from './stories.ts';

const ZONE = 'Europe/Rome';
/** BRT works on a new shipment for minutes: until then it is neither confirmed nor deleted. */
const PROCESSING_MS = 5 * 60_000;
/** After these BRT knows nothing of it any more. */
const KNOWN_FOR_MS = 40 * 24 * 3_600_000;

export interface Made {
  readonly numericSenderReference: string;
  readonly alphanumericSenderReference: string;
  readonly scenario: BrtScenario;
  readonly createdAtMs: number;
  /** Where it leaves from, three digits. */
  readonly depot: string;
  readonly parcels: readonly { readonly parcelID: string; readonly trackingByParcelID: string }[];
  /** Twelve digits; BRT shows it only when the depot has the goods. */
  readonly shipmentId: string;
  confirmed: boolean;
  deleted: boolean;
}

/** What BRT knows to be so, whether it shows it or not. */
export interface BrtTruth {
  /** Undefined until the depot has the goods. */
  readonly shipmentId: string | undefined;
  readonly state: 'made' | 'taken-over' | 'delivered' | 'returned' | 'deleted';
}

/** What BRT shows of a shipment now. */
export interface Shown {
  readonly made: Made;
  readonly shipmentId: string | undefined;
  /** Of the departure; undefined before. */
  readonly departedOn: DateTime | undefined;
  /** Newest first. */
  readonly events: readonly {
    readonly id: string;
    readonly descrizione: string;
    readonly data: string;
    readonly ora: string;
    readonly filiale: string;
  }[];
  readonly notes: readonly string[];
}

/** The shipments of one customer, as BRT has them. */
export class BrtShipments {
  readonly #all: Made[] = [];
  readonly #byReference = new Map<string, Made[]>();
  readonly #byParcel = new Map<string, Made>();
  readonly #byId = new Map<string, Made>();
  readonly #now: () => number;
  readonly #hourMs: number;

  /** @param hourMs how long an hour of a shipment's life takes */
  constructor(now: () => number, hourMs: number) {
    this.#now = now;
    this.#hourMs = hourMs;
  }

  make(given: {
    readonly numericSenderReference: string;
    readonly alphanumericSenderReference: string;
    readonly scenario: BrtScenario;
    readonly depot: number;
    readonly parcelCount: number;
  }): Made {
    const depot = String(given.depot).padStart(3, '0');
    const number = this.#all.length + 1;
    const parcels = Array.from({ length: given.parcelCount }, (_, i) => {
      const serial = `${String(number).padStart(7, '0')}${String(i + 1).padStart(2, '0')}`;
      return { parcelID: `${depot}01${serial}9999`, trackingByParcelID: `${depot}010${serial}` };
    });
    const made: Made = {
      numericSenderReference: given.numericSenderReference,
      alphanumericSenderReference: given.alphanumericSenderReference,
      scenario: given.scenario,
      createdAtMs: this.#now(),
      depot,
      parcels,
      shipmentId: `${depot}${String(number).padStart(9, '0')}`,
      confirmed: false,
      deleted: false,
    };
    this.#all.push(made);
    const siblings = this.#byReference.get(made.numericSenderReference) ?? [];
    this.#byReference.set(made.numericSenderReference, [...siblings, made]);
    this.#byId.set(made.shipmentId, made);
    for (const { parcelID, trackingByParcelID } of parcels) {
      this.#byParcel.set(parcelID, made);
      this.#byParcel.set(trackingByParcelID, made);
    }
    return made;
  }

  /** @returns an execution code */
  confirm(numericSenderReference: string): number {
    const made = this.#one(numericSenderReference);
    if (typeof made === 'number') return made;
    if (made.confirmed) return -102;
    if (this.#isTakenOver(made)) return -101;
    if (this.#now() - made.createdAtMs < PROCESSING_MS) return -153;
    made.confirmed = true;
    return 0;
  }

  /** @returns an execution code */
  delete(numericSenderReference: string): number {
    const made = this.#one(numericSenderReference);
    if (typeof made === 'number') return made;
    if (this.#isTakenOver(made)) return -152;
    if (this.#now() - made.createdAtMs < PROCESSING_MS) return -153;
    made.deleted = true;
    return 0;
  }

  byParcel(id: string): Shown | undefined {
    const made = this.#byParcel.get(id);
    const shown = made === undefined || made.deleted ? undefined : this.#shown(made);
    return shown?.events.length === 0 ? undefined : shown;
  }

  /** @param year 0 for the running one */
  byId(id: string, year: number): Shown | undefined {
    const made = this.#byId.get(id);
    if (made === undefined || made.deleted) return undefined;
    const shown = this.#shown(made);
    const asked = year === 0 ? DateTime.fromMillis(this.#now(), { zone: ZONE }).year : year;
    return shown.departedOn?.year === asked ? shown : undefined;
  }

  /** Those that the depot has; only they can be looked up. */
  takenOver(matches: (made: Made) => boolean): readonly Made[] {
    return this.#all.filter((made) => !made.deleted && this.#isTakenOver(made) && matches(made));
  }

  takenOverBy(numericSenderReference: string): readonly Made[] {
    const siblings = this.#byReference.get(numericSenderReference) ?? [];
    return siblings.filter((made) => !made.deleted && this.#isTakenOver(made));
  }

  truths(numericSenderReference: string): readonly BrtTruth[] {
    return (this.#byReference.get(numericSenderReference) ?? []).map((made) => this.#truth(made));
  }

  #truth(made: Made): BrtTruth {
    if (made.deleted) return { shipmentId: undefined, state: 'deleted' };
    if (!this.#isTakenOver(made)) return { shipmentId: undefined, state: 'made' };
    const { ends } = STORIES[made.scenario];
    const ended = ends !== undefined && this.#hasCome(made, ends.atHours);
    return { shipmentId: made.shipmentId, state: ended ? ends.as : 'taken-over' };
  }

  /** The one shipment that still counts under a reference, or the code that says why there is none. */
  #one(numericSenderReference: string): Made | number {
    const siblings = (this.#byReference.get(numericSenderReference) ?? []).filter(
      (made) => !made.deleted && this.#now() - made.createdAtMs <= KNOWN_FOR_MS,
    );
    const [made] = siblings;
    if (made === undefined) return -151;
    return siblings.length > 1 ? -154 : made;
  }

  #isTakenOver(made: Made): boolean {
    const { takenOverAtHours } = STORIES[made.scenario];
    return takenOverAtHours !== undefined && this.#hasCome(made, takenOverAtHours);
  }

  #shown(made: Made): Shown {
    const { steps, notes, takenOverAtHours } = STORIES[made.scenario];
    const takenOver = this.#isTakenOver(made);
    return {
      made,
      shipmentId: takenOver ? made.shipmentId : undefined,
      departedOn: takenOver ? this.#at(made, takenOverAtHours ?? 0) : undefined,
      events: steps
        .filter(({ atHours, shownAtHours }) => this.#hasCome(made, shownAtHours ?? atHours))
        .map((step) => this.#line(made, step))
        .reverse(),
      notes: notes.filter(({ atHours }) => this.#hasCome(made, atHours)).map(({ text }) => text),
    };
  }

  #line(made: Made, { id, description, atHours, timeless, depot }: Step): Shown['events'][number] {
    const at = this.#at(made, atHours);
    return {
      id,
      descrizione: description,
      data: at.toFormat('dd.MM.yyyy'),
      ora: timeless ? '' : at.toFormat('HH.mm'),
      filiale: depot === 'departure' ? `PARTENZA (${made.depot})` : 'ARRIVO (092)',
    };
  }

  #at(made: Made, hours: number): DateTime {
    return DateTime.fromMillis(made.createdAtMs + hours * this.#hourMs, { zone: ZONE });
  }

  #hasCome(made: Made, hours: number): boolean {
    return made.createdAtMs + hours * this.#hourMs <= this.#now();
  }
}
