import * as z from 'zod';

/**
 * BRT's answers as far as we read them. Few fields are required: public clients disagree about the rest, and numbers come
 * as numbers or as text. Of sender and recipient nothing is read.
 */

/** A whole number, given as one or as text. */
export const numberText = z.union([
  z.int(),
  z
    .string()
    .trim()
    .regex(/^-?\d{1,9}$/)
    .transform(Number),
]);

const text = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .transform((value) => (value ?? '').trim());

/** A number in JSON has lost the zeros that the id begins with. */
const paddedTo = (digits: number) =>
  z
    .union([z.string(), z.int().transform((value) => String(value).padStart(digits, '0'))])
    .nullish()
    .transform((value) => (value ?? '').trim());

/** BRT's id of a shipment; blank and zero stand for none. */
export const shipmentIdSchema = paddedTo(12)
  .transform((id) => (/^0*$/.test(id) ? undefined : id))
  .pipe(
    z
      .string()
      .regex(/^\d{12}$/)
      .optional(),
  );

/** JSON has a list of `{ evento }`; XML has repeated elements, one of them with one event or one with all. */
function listOf<Item extends z.ZodType>(name: string, item: Item) {
  const holder = z.union([
    // An empty element.
    z.literal('').transform(() => []),
    z
      .object({ [name]: z.union([z.array(item), item.transform((one) => [one])]).nullable() })
      .transform((holds) => holds[name] ?? []),
  ]);
  return z
    .union([z.array(holder).transform((lists) => lists.flat()), holder])
    .nullish()
    .transform((items) => items ?? []);
}

const eventSchema = z.union([
  z.literal('').transform(() => undefined),
  z.object({ data: text, ora: text, id: paddedTo(3), descrizione: text, filiale: text }),
]);
export type BrtEvent = NonNullable<z.infer<typeof eventSchema>>;

const noteSchema = z.union([
  z.string().transform((note) => note.trim()),
  z.object({ descrizione: text }).transform(({ descrizione }) => descrizione),
]);

const shipmentDataSchema = z.object({
  spedizione_id: shipmentIdSchema,
  spedizione_data: text,
  // Both spellings are in use.
  stato_sped_parte1: text,
  stato_sped_parte_1: text,
  stato_sped_parte2: text,
  stato_sped_parte_2: text,
  descrizione_stato_sped_parte1: text,
  descrizione_stato_sped_parte_1: text,
  descrizione_stato_sped_parte2: text,
  descrizione_stato_sped_parte_2: text,
});
export type BrtShipmentData = z.infer<typeof shipmentDataSchema>;

/** The tracking of a shipment, REST and SOAP alike: SOAP's names are these in upper case. */
export const trackingSchema = z.object({
  bolla: z.object({ dati_spedizione: shipmentDataSchema.nullish() }),
  lista_eventi: listOf('evento', eventSchema),
  lista_note: listOf('nota', noteSchema),
  contatore_eventi: numberText.nullish(),
});
export type BrtTracking = z.infer<typeof trackingSchema>;

const labelSchema = z.object({
  parcelID: z.string().trim().min(1).max(35),
  trackingByParcelID: paddedTo(15).pipe(z.string().regex(/^\d{15}$/)),
  stream: z.base64().min(1),
});

/** The answer to a creation, under its root. */
export const createdSchema = z.object({
  consigneeCompanyName: text,
  consigneeZIPCode: text,
  consigneeCity: text,
  consigneeProvinceAbbreviation: text,
  labels: z.object({ label: z.union([z.array(labelSchema), labelSchema.transform((label) => [label])]) }),
});
