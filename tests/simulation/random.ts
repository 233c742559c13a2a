import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Fine enough for the rarest fault. */
const CHANCE_STEPS = 1_000_000;

/** Every choice of a run: the same seed and purpose always give the same numbers (xoroshiro128+). */
export class Random {
  readonly #source: ReturnType<typeof xoroshiro128plus>;
  readonly #seed: number;

  /** @param purpose choices made for different purposes do not shift each other */
  constructor(seed: number, purpose = '') {
    let mixed = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
    for (let i = 0; i < purpose.length; i++) mixed = Math.imul(mixed ^ purpose.charCodeAt(i), 0x01000193);
    this.#seed = seed;
    this.#source = xoroshiro128plus(mixed ^ (mixed >>> 15));
  }

  /** The same seed's choices for another purpose. */
  for(purpose: string): Random {
    return new Random(this.#seed, purpose);
  }

  /** A whole number, both bounds included. */
  int(from: number, to: number): number {
    return uniformInt(this.#source, from, to);
  }

  /** @param probability between 0 and 1 */
  chance(probability: number): boolean {
    return this.int(1, CHANCE_STEPS) <= probability * CHANCE_STEPS;
  }

  pick<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new RangeError('nothing to pick from');
    return items[this.int(0, items.length - 1)] as Item;
  }

  shuffle<Item>(items: readonly Item[]): Item[] {
    const left = [...items];
    for (let i = left.length - 1; i > 0; i--) {
      const j = this.int(0, i);
      [left[i], left[j]] = [left[j] as Item, left[i] as Item];
    }
    return left;
  }
}
