/** Stands in every field that holds personal data, so that a leak is one search away. */
export const PERSON = 'Persona Inventata';

/** Whether something that must not hold personal data does. */
export function namesAPerson(value: unknown): boolean {
  return JSON.stringify(value)?.includes(PERSON) ?? false;
}
