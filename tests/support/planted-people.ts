/** Stands in every planted name, address, e-mail, phone and tax code: a leak is one search away. */
export const PLANTED = 'zzleak';

/** Where marketplaces keep what belongs to a person. */
const PERSONAL =
  /buyer|recipient|address|shipto|customer|contact|taxreg|taxid|billing|gift|customizedurl|fiscal|invoice/i;
/** What stands there too and is nobody's: codes that the mappers read by. */
const IMPERSONAL = /country|type|status|class|currency|entity|date|time|^(?:id|order_reference|is_b2b)$/i;

/** A marketplace's order with a planted text in everything personal; `planted` counts them. */
export function withPlantedPeople<Value>(value: Value): { readonly value: Value; readonly planted: number } {
  let planted = 0;
  const plant = (part: unknown, key: string, personal: boolean): unknown => {
    const inside = personal || PERSONAL.test(key);
    if (Array.isArray(part)) return part.map((each: unknown) => plant(each, key, inside));
    if (typeof part === 'object' && part !== null) {
      return Object.fromEntries(
        Object.entries(part).map(([name, each]) => [name, plant(each, name, inside)]),
      );
    }
    if (typeof part !== 'string' || part === '' || !inside || IMPERSONAL.test(key)) return part;
    planted += 1;
    if (/url/i.test(key)) return `https://files.example/${PLANTED}-${planted}`;
    return /mail/i.test(key) ? `${PLANTED}-${planted}@buyer.example` : `${PLANTED} ${key} ${planted}`;
  };
  // Same shape, other texts.
  return { value: plant(value, '', false) as Value, planted };
}

/** Every line of a text that names a planted person, shortened. */
export function plantedIn(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.toLowerCase().includes(PLANTED))
    .map((line) => line.slice(0, 400));
}
