import { z } from 'zod';

/**
 * BRT's requests as its field list has them, strict: a field that is not there, a text above its length and a number
 * above its bound are errors.
 */
const lengths: Readonly<Record<string, number>> = {
  network: 1,
  deliveryFreightTypeCode: 3,
  consigneeClosingShift1_DayOfTheWeek: 3,
  consigneeClosingShift1_PeriodOfTheDay: 2,
  consigneeClosingShift2_DayOfTheWeek: 3,
  consigneeClosingShift2_PeriodOfTheDay: 2,
  consigneeContactName: 35,
  consigneeTelephone: 16,
  consigneeEMail: 70,
  consigneeMobilePhoneNumber: 16,
  consigneeVATNumber: 16,
  consigneeVATNumberCountryISOAlpha2: 2,
  consigneeItalianFiscalCode: 16,
  pricingConditionCode: 3,
  serviceType: 1,
  insuranceAmountCurrency: 3,
  senderParcelType: 15,
  isCODMandatory: 1,
  codPaymentType: 2,
  codCurrency: 3,
  alphanumericSenderReference: 15,
  notes: 70,
  parcelsHandlingCode: 2,
  deliveryDateRequired: 10,
  deliveryType: 1,
  declaredParcelValueCurrency: 3,
  particularitiesDeliveryManagementCode: 2,
  particularitiesHoldOnStockManagementCode: 2,
  variousParticularitiesManagementCode: 2,
  originalSenderCompanyName: 25,
  originalSenderZIPCode: 9,
  cmrCode: 35,
  pudoId: 35,
};
const amounts = ['insuranceAmount', 'cashOnDelivery', 'declaredParcelValue', 'quantityToBeInvoiced'];

const senderCustomerCode = z.int().min(1).max(9_999_999);
const numericSenderReference = z.int().min(1).max(999_999_999_999_999);
const filled = (max: number) => z.string().trim().min(1).max(max);
const decimals = (digits: number) =>
  z.number().refine((value) => new RegExp(`^\\d+(\\.\\d{1,${digits}})?$`).test(String(value)));

const createDataSchema = z.strictObject({
  ...Object.fromEntries(Object.entries(lengths).map(([name, max]) => [name, z.string().max(max).optional()])),
  ...Object.fromEntries(amounts.map((name) => [name, decimals(2).optional()])),
  network: z.enum([' ', '', 'D', 'E', 'S']).optional(),
  departureDepot: z.int().min(1).max(999),
  senderCustomerCode,
  deliveryFreightTypeCode: z.enum(['DAP', 'EXW']),
  consigneeCompanyName: filled(70),
  consigneeAddress: filled(35),
  consigneeZIPCode: filled(9),
  consigneeCity: filled(35),
  consigneeProvinceAbbreviation: z.string().max(2).optional(),
  consigneeCountryAbbreviationISOAlpha2: z.string().regex(/^[A-Z]{2}$/),
  isAlertRequired: z.union([z.literal(0), z.literal(1)]).optional(),
  isCODMandatory: z.enum(['0', '1']).optional(),
  cashOnDelivery: decimals(2).optional(),
  codCurrency: z.string().max(3).optional(),
  pudoId: z.string().max(35).optional(),
  numericSenderReference,
  alphanumericSenderReference: z.string().max(15).optional(),
  numberOfParcels: z.int().min(1).max(30),
  weightKG: decimals(1).pipe(z.number().positive().max(99_999.9)),
  volumeM3: decimals(3).pipe(z.number().max(99.999)).optional(),
});
export type CreateData = z.infer<typeof createDataSchema>;

const flag = z.enum(['Y', 'N', '1', '0']);
const account = z.strictObject({ userID: z.string(), password: z.string() });
const references = z.strictObject({
  senderCustomerCode,
  numericSenderReference,
  alphanumericSenderReference: z.string().max(15).optional(),
});

/** The account before anything else: a wrong login is told from a wrong field. */
export const loginSchema = z.looseObject({
  account: z.looseObject({ userID: z.string(), password: z.string() }),
});

export const createSchema = z.strictObject({
  account,
  createData: createDataSchema,
  isLabelRequired: z.union([z.literal(0), z.literal(1)]),
  labelParameters: z.strictObject({
    outputType: z.enum(['PDF', 'ZPL']),
    offsetX: z.int().optional(),
    offsetY: z.int().optional(),
    isBorderRequired: flag.optional(),
    isLogoRequired: flag.optional(),
    isBarcodeControlRowRequired: flag.optional(),
  }),
});
export const confirmSchema = z.strictObject({
  account,
  confirmData: references.extend({ cmrCode: z.string().max(35).optional() }),
});
export const deleteSchema = z.strictObject({ account, deleteData: references });
